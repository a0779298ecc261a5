/** Another process serves the same data folder. The message is one line for the operator. */
export class DataFolderInUse extends Error {
  constructor(folder: string) {
    super(
      `${folder} is in use by another server; stop that one, set DATA_DIR to another folder, ` +
        'or set DATABASE_URL to run several servers',
    )
    this.name = 'DataFolderInUse'
  }
}
