#!/bin/sh
# Writes, as SQL for a front, the tables of a shard as tables without rows that ask the shards. See front.cnf.
#
#   sh config/spider/tables.sh 'shard1 shard2' <options of mariadb-dump for a shard> <its database>
#
# The first argument names the shards as CREATE SERVER did, always in the same order.
set -eu

servers=$1
shift
mariadb-dump --no-data --skip-comments --skip-set-charset "$@" | awk -v servers="$servers" -v quote="'" '
  function attribute(name, value) { return name " \"" value "\"" }
  function comment(text) { return " COMMENT=" quote text quote }
  /^CREATE TABLE/ {
    table = $3
    gsub("`", "", table)
    # The front keeps its own account of the migrations.
    wanted = table !~ /^kysely_/
    sub("CREATE", "CREATE OR REPLACE")
  }
  !wanted { next }
  /^\) ENGINE=InnoDB/ {
    partitions = ""
    count = split(servers, names, " ")
    for (number = 1; number <= count; number++)
      partitions = partitions (number > 1 ? ", " : "") "PARTITION " names[number] comment(attribute("srv", names[number]))
    sub("InnoDB", "SPIDER")
    sub(";$", comment(attribute("wrapper", "mysql") ", " attribute("table", table)))
    # By the primary key, which begins every hot statement.
    print $0 "\n  PARTITION BY KEY () (" partitions ");"
    wanted = 0
    next
  }
  { print }
'
