/** Each cause by its stable code: what is so, and what to do. `$settings` stands for the variables of the part. */
export const CAUSES = {
  wrong_password: ['the server refuses the user or the password', 'correct $settings'],
  unknown_access_key: ['the store knows no such access key', 'correct S3_ACCESS_KEY_ID'],
  wrong_secret_key: ['the signature does not match the access key', 'correct S3_SECRET_ACCESS_KEY'],
  access_denied: ['the access key lacks a right', 'allow it to list the bucket, and to read, write and delete objects'],
  missing_right: ['the user lacks a right', 'grant it to read and write the tables, or keys and channels'],
  not_admitted: ['the server admits no client from this address', 'allow the user from this host'],
  no_database: ['the server has no such database', 'correct the name in $settings, or run `npm run migrate`'],
  no_bucket: ['there is no such bucket, and it could not be made', 'make it, or correct S3_BUCKET'],
  wrong_region: ['the bucket lies in another region or at another address', 'correct S3_REGION or S3_ENDPOINT'],
  clock_skew: ['the clock of this machine is too far off for signed requests', 'set the clock'],
  host_unknown: ['the name of the host is unknown', 'correct the host in $settings, or the DNS'],
  refused: ['nothing listens at this address', 'start the server, or correct host and port in $settings'],
  no_answer: ['the server does not answer in time', 'look at the server, the network and its firewalls'],
  connection_lost: ['the server ended the connection', 'look at the log of the server'],
  certificate: ["the server's certificate is not trusted", 'name its authority with NODE_EXTRA_CA_CERTS, or renew it'],
  tls: ['both sides find no TLS that they share', 'switch TLS on at both sides, or off, in $settings'],
  read_only: ['the server takes no writes', 'it ends by itself after a failover; else allow writes'],
  too_many_connections: ['the server has no connection left', 'raise its limit, or run fewer replicas'],
  full: ['there is no room left', 'free some, or add some'],
  folder: ['the folder can not be used', 'correct DATA_DIR, its owner or its rights'],
  unknown: ['it can not be used', 'the error beside says more'],
} as const

/** A stable code of {@link CAUSES}. */
export type CauseCode = keyof typeof CAUSES
