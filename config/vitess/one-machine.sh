#!/bin/sh
# A whole cluster on one machine: etcd, two shards of three tablets, vtorc and vtgate, with this folder's settings. To
# try it, and to read what runs where; in production each tablet has a machine, and systemd or Kubernetes starts it.
#
#   sh config/vitess/one-machine.sh <folder for its data>
#
# On the PATH: curl, mysqld (9.7), etcd (3.5 or later), and Vitess 24's vtgate, vttablet, vtorc and vtctldclient. Not as root:
# neither mysqld nor Vitess want to be. Ctrl-C ends it all; the data stays, and the next start goes on with it.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
data=$1
shards=${SHARDS:--80 80-}
tablets=${TABLETS:-3}
# With three tablets a write is answered when a second server has it, and any one machine may die.
durability=${DURABILITY:-semi_sync}
port=${PORT:-15306}
keyspace=paste

mkdir -p "$data"
export VTDATAROOT="$data"
set -a
. "$here/vitess.env"
set +a
topology="--topo-implementation=etcd2 --topo-global-server-address=127.0.0.1:12379 --topo-global-root=/vitess/global"
control="vtctldclient --server internal $topology"

pids=
trap 'trap - EXIT; kill $pids 2>/dev/null || true; wait' EXIT
trap 'exit 0' INT TERM
start() { # its name, then its command
  log=$data/$1.log
  shift
  "$@" >>"$log" 2>&1 &
  pids="$! $pids"
}
until_true() { # a command, for at most a minute
  tries=300
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || { echo "gave up on: $*; the logs are in $data" >&2; exit 1; }
    sleep 0.2
  done
}
flags() { grep '^--' "$here/$1.flags"; }
numbers() { # 100 101 102 for the first shard, 200 201 202 for the second
  first=0
  for shard in $shards; do
    first=$((first + 100))
    number=$first
    while [ $number -lt $((first + tablets)) ]; do
      echo "$number $shard"
      number=$((number + 1))
    done
  done
}

# 1. The topology: which cells, keyspaces, shards and primaries there are. Three etcds on three machines in production.
start etcd etcd --data-dir="$data/etcd" --listen-client-urls=http://127.0.0.1:12379 \
  --advertise-client-urls=http://127.0.0.1:12379 --listen-peer-urls=http://127.0.0.1:12380 \
  --initial-advertise-peer-urls=http://127.0.0.1:12380 --initial-cluster=default=http://127.0.0.1:12380
until_true $control GetCellInfoNames
$control GetCellInfo here >/dev/null 2>&1 ||
  $control AddCellInfo --root=/vitess/here --server-address=127.0.0.1:12379 here

# 2. One keyspace, and in its VSchema on which shard a row lies. Before the migrations, and before each new table.
$control GetKeyspace $keyspace >/dev/null 2>&1 || $control CreateKeyspace --durability-policy=$durability $keyspace >/dev/null
$control ApplyVSchema --vschema-file="$here/vschema.json" $keyspace >/dev/null

# 3. The MySQL servers. An empty one gets the accounts of its tablet, without a line in its binary log.
numbers | while read -r number shard; do
  folder=$data/mysql-$number
  [ -d "$folder/data" ] || {
    mkdir -p "$folder"
    mysqld --no-defaults --initialize-insecure --datadir="$folder/data" --init-file="$here/users.sql" 2>"$folder/init.log"
  }
done
for number in $(numbers | cut -d' ' -f1); do
  folder=$data/mysql-$number
  start "mysql-$number" mysqld --defaults-file="$here/mysqld.cnf" --datadir="$folder/data" --socket="$folder/socket" \
    --pid-file="$folder/pid" --port=$((17000 + number)) --bind-address=127.0.0.1 --report-host=127.0.0.1 --mysqlx=OFF \
    --server-id="$number" --log-bin="$folder/data/binlog" --relay-log="$folder/data/relay"
done

# 4. A tablet beside each server. All of them start as replicas.
for number in $(numbers | cut -d' ' -f1); do
  folder=$data/mysql-$number
  until_true test -S "$folder/socket"
  start "tablet-$number" vttablet $topology --tablet-path="here-$number" --tablet-hostname=127.0.0.1 \
    --init-keyspace=$keyspace --init-shard="$(numbers | sed -n "s/^$number //p")" --init-tablet-type=replica \
    --port=$((15000 + number)) --bind-address=127.0.0.1 --grpc-port=$((16000 + number)) --grpc-bind-address=127.0.0.1 \
    --service-map=grpc-queryservice,grpc-tabletmanager,grpc-updatestream \
    --db-socket="$folder/socket" --mycnf-socket-file="$folder/socket" --mycnf-mysql-port=$((17000 + number)) \
    --mycnf-server-id="$number" --mycnf-data-dir="$folder/data" --mycnf-pid-file="$folder/pid" \
    --mycnf-error-log-path="$data/mysql-$number.log" --mycnf-bin-log-path="$folder/data/binlog" \
    --mycnf-relay-log-path="$folder/data/relay" --mycnf-relay-log-index-path="$folder/data/relay.index" \
    --mycnf-relay-log-info-path="$folder/relay.info" --mycnf-master-info-file="$folder/master.info" \
    --mycnf-innodb-data-home-dir="$folder/data" --mycnf-innodb-log-group-home-dir="$folder/data" \
    --mycnf-slow-log-path="$folder/slow.log" --mycnf-tmp-dir="$folder" --mycnf-secure-file-priv= $(flags vttablet)
done

# 5. vtorc gives each shard a primary, now and whenever it has lost its own.
start vtorc vtorc $topology --cell=here --port=15998 --bind-address=127.0.0.1 \
  --sqlite-data-file="$data/vtorc.db" $(flags vtorc)
for shard in $shards; do
  until_true sh -c "$control GetShard $keyspace/$shard | grep -q '\"uid\"'"
done

# 6. vtgate: what the service connects to. As many as you like; each knows the whole topology.
start vtgate vtgate $topology --cell=here --cells-to-watch=here --tablet-types-to-wait=PRIMARY --port=15001 \
  --bind-address=127.0.0.1 --grpc-port=15991 --grpc-bind-address=127.0.0.1 --service-map=grpc-vtgateservice \
  --mysql-server-port="$port" --mysql-server-bind-address=127.0.0.1 --mysql-auth-server-impl=none $(flags vtgate)
until_true curl -sf http://127.0.0.1:15001/debug/health

echo "DATABASE_URL=mysql://root@127.0.0.1:$port/$keyspace npm run migrate"
wait
