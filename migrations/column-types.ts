import { type Kysely, type RawBuilder, SqliteAdapter, sql } from 'kysely'

/** The column types that migrations use, spelled for one engine. Sizes are bytes, except for `text`: characters. */
export type ColumnTypes = {
  /** Names and hashes: compared byte by byte, trailing blanks and all. */
  key(bytes: number): RawBuilder<unknown>
  /** Text that people wrote. */
  text(characters: number): RawBuilder<unknown>
  /** Up to 16 MiB. */
  blob: RawBuilder<unknown>
  /** Epoch milliseconds, sizes, counts: 64 bits. */
  bigint: RawBuilder<unknown>
  /** 32 bits. */
  int: RawBuilder<unknown>
  /** 0 or 1. */
  flag: RawBuilder<unknown>
  /** What follows the closing bracket of CREATE TABLE. */
  tableOptions: RawBuilder<unknown>
}

const MYSQL: ColumnTypes = {
  key: (bytes) => sql.raw(`varbinary(${bytes})`),
  text: (characters) => sql.raw(`varchar(${characters}) character set utf8mb4 collate utf8mb4_bin`),
  blob: sql`mediumblob`,
  bigint: sql`bigint`,
  int: sql`int`,
  flag: sql`tinyint`,
  tableOptions: sql`engine = InnoDB default character set utf8mb4 collate utf8mb4_bin`,
}

const SQLITE: ColumnTypes = {
  key: () => sql`text`,
  text: () => sql`text`,
  blob: sql`blob`,
  bigint: sql`integer`,
  int: sql`integer`,
  flag: sql`integer`,
  tableOptions: sql``,
}

/** The column types of the engine behind `db`. */
export function columnTypes(db: Kysely<unknown>): ColumnTypes {
  return db.getExecutor().adapter instanceof SqliteAdapter ? SQLITE : MYSQL
}
