# unpack-debian.sh FOLDER SUITE PACKAGE...: a package of another suite of Debian with all that it needs, its own C
# library included, in a folder of its own. Every program in it can be started there, by anybody. The lists and the
# packages of the system are not changed, and root is not needed.
set -eu
folder=$1
suite=$2
shift 2
draft=$folder.draft
trap 'rm -rf "$draft"' EXIT
rm -rf "$draft"
mkdir -p "$draft/lists/partial" "$draft/cache/archives/partial" "$draft/root/usr"
: > "$draft/status"

# The archive that the machine is set up for is the nearest one; Ubuntu's has none of Debian's suites.
archive=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
  grep -oE 'https?://[^ ]+/debian/?( |$)' | head -n 1 || true)
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${archive:-http://deb.debian.org/debian} $suite main" \
  > "$draft/sources.list"
apt() {
  apt-get -qq -o Dir::Etc::sourcelist="$draft/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
    -o Dir::State="$draft" -o Dir::State::status="$draft/status" -o Dir::Cache="$draft/cache" \
    -o Acquire::Languages=none -o APT::Install-Recommends=false -o APT::Sandbox::User=root "$@"
}
# Without this, an archive that is away is a warning.
apt -o APT::Update::Error-Mode=any update
# To apt the system is empty, so that it brings everything.
apt -y --download-only install "$@"

# A Debian of today has one /usr, which packages may still name by the old paths.
for name in bin sbin lib lib64; do
  mkdir -p "$draft/root/usr/$name"
  ln -s "usr/$name" "$draft/root/$name"
done
for package in "$draft"/cache/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$package" |
    tar -C "$draft/root" -xf - --keep-directory-symlink --exclude=./usr/share/doc --exclude=./usr/share/man
done

# A program is started by the C library that it was built for, not by the system's.
cd "$draft/root"
loader=$(ls usr/lib*/ld-linux-*.so.* | head -n 1)
libraries=$(dirname "$(ls usr/lib/*/libc.so.6)")
mkdir usr/programs
for program in usr/bin/* usr/sbin/*; do
  [ -f "$program" ] && [ ! -L "$program" ] && [ "$(head -c 4 "$program" | tail -c 3)" = ELF ] || continue
  mv "$program" usr/programs/
  cat > "$program" <<END
#!/bin/sh
root=\$(dirname "\$(readlink -f "\$0")")/../..
exec "\$root/$loader" --library-path "\$root/$libraries" --argv0 "\$0" "\$root/usr/programs/${program##*/}" "\$@"
END
  chmod 755 "$program"
done
cd /
rm -rf "$folder"
mv "$draft/root" "$folder"
