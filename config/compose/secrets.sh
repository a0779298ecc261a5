#!/bin/sh
# Makes the secrets that config/compose.yaml, config/swarm.yaml and config/kubernetes/overlays/dev read, one file each,
# in config/compose/secrets or the folder that is given. What is there is kept, so this may run again at any time.
#
#   sh config/compose/secrets.sh [folder]
set -eu

folder=${1:-$(dirname "$0")/secrets}
# The folder keeps other users of this machine out; the files are readable, since containers read them as user 1000.
mkdir -p "$folder"
chmod 700 "$folder"

random() { od -An -v -N24 -tx1 /dev/urandom | tr -d ' \n'; }

make() {
  [ -s "$folder/$1" ] && return
  printf '%s' "$2" > "$folder/$1.part"
  chmod 444 "$folder/$1.part"
  mv "$folder/$1.part" "$folder/$1"
}

for name in admin_token mysql_password mysql_root_password redis_password s3_secret_access_key; do
  make "$name" "$(random)"
done
# Addresses with a password in them. For servers elsewhere, write theirs into these two files.
make database_url "mysql://paste:$(cat "$folder/mysql_password")@mysql:3306/paste"
make redis_url "redis://:$(cat "$folder/redis_password")@redis:6379"
