import { setting, text, word } from './parsers.ts'

/** Who may do what. */
export const ACCESS_SETTINGS = {
  create: setting(
    'CREATE',
    'Who may make pastes: `anyone`, holders of `keys` (`npm run keys`), or nobody (`off`)',
    'anyone',
    word('anyone', 'keys', 'off'),
  ),
  read: setting('READ', 'Who may read pastes: `anyone`, or holders of `keys`', 'anyone', word('anyone', 'keys')),
  adminToken: setting(
    'ADMIN_TOKEN',
    'When set, `/metrics`, `/performance` and `/stats` want it: `Authorization: Bearer`, or as a password; it removes pastes, and is a key. Without it, and with a `HOST` that others reach, they answer only to this machine',
    undefined,
    text,
    true,
  ),
}
