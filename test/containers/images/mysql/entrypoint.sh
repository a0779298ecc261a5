#!/bin/sh
# What the official entry point does with the variables that config/compose.yaml sets, in the same order: on an empty
# folder it makes the system tables, starts a server that no network reaches, makes the database and its user there, and
# ends it. Later starts change nothing.
set -eu
[ "$1" = mysqld ] || exec "$@"

if [ ! -d /var/lib/mysql/mysql ]; then
  password=$(cat "$MYSQL_PASSWORD_FILE")
  root_password=$(cat "$MYSQL_ROOT_PASSWORD_FILE")
  "$@" --initialize-insecure
  "$@" --skip-networking &
  server=$!
  until mysqladmin --silent --user=root ping 2> /dev/null; do
    kill -0 "$server"
    sleep 0.2
  done
  mysql --user=root <<SQL
ALTER USER 'root'@'localhost' IDENTIFIED BY '$root_password';
CREATE DATABASE IF NOT EXISTS \`$MYSQL_DATABASE\`;
CREATE USER '$MYSQL_USER'@'%' IDENTIFIED BY '$password';
GRANT ALL ON \`$MYSQL_DATABASE\`.* TO '$MYSQL_USER'@'%';
SQL
  MYSQL_PWD=$root_password mysqladmin --user=root shutdown
  wait "$server"
fi
exec "$@"
