# Sourced by ./guerdon and ./test: what a machine needs, said in one line or installed.
say() { echo "$*" >&2; }

need_dotnet() {
  command -v dotnet >/dev/null && [[ $(dotnet --list-sdks) =~ (^|$'\n')(1[0-9]|[2-9][0-9])\. ]] && return
  say "Guerdon needs the .NET 10 SDK: https://dot.net/download, or your system's package dotnet-sdk-10.0."
  exit 1
}

# Builds a project and the m that it is made of, saying which is built; what is wrong is said once, at the end.
build() {
  local line log="" count=0 code=1
  progress() { if [[ -t 2 ]]; then printf '\r\e[K%s' "$1" >&2; else say "$1"; fi; }
  progress "building Guerdon: fetching packages…"
  while IFS= read -r line; do
    log+=$line$'\n'
    if [[ $line =~ ^[[:space:]]*([A-Za-z]+)\ -\>\  ]]; then
      progress "building Guerdon: ${BASH_REMATCH[1]} (project $((++count)) of $2)"
    fi
    [[ $line =~ ^exit\ ([0-9]+)$ ]] && code=${BASH_REMATCH[1]}
  done < <(dotnet build "$1" -c Release -v m --nologo -tl:off 2>&1; echo "exit $?")
  if [[ -t 2 ]]; then printf '\r\e[K' >&2; fi
  [[ $code == 0 ]] || say "$(grep -E 'error|rror\(s\)' <<<"$log" | sort -u || echo "$log")"
  return "$code"
}

# Installs Debian packages as root; refreshes the list of packages only when it must.
apt() {
  export DEBIAN_FRONTEND=noninteractive
  local install=(apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-confold "$@")
  say "installing $*…"
  "${install[@]}" >/dev/null 2>&1 || { apt-get update -qq >/dev/null && "${install[@]}" >/dev/null; }
}

has_postgres() {
  local path
  for path in "$(pg_config --bindir 2>/dev/null)" /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/libexec/postgresql* \
    /{opt/homebrew,usr/local,home/linuxbrew/.linuxbrew}/{opt/postgresql@*/bin,bin} /usr/local/pgsql/bin \
    /Applications/Postgres.app/Contents/Versions/*/bin ${PATH//:/ }; do
    [[ -x $path/postgres && -x $path/initdb ]] && return
  done
  return 1
}

need_postgres() {
  [[ -n ${GUERDON_DB:-} ]] || has_postgres && return
  local line="Guerdon needs PostgreSQL 15 or newer: apt-get install postgresql (or dnf install postgresql-server, \
brew install postgresql@16), or set GUERDON_DB to a server."
  [[ -e /etc/debian_version && $EUID == 0 ]] || { say "$line"; exit 1; }
  if [[ -t 0 && -t 2 ]]; then
    read -r -p "Guerdon needs PostgreSQL. Install it with apt-get? [Y/n] " answer
    [[ ${answer:-y} == [yY]* ]] || { say "$line"; exit 1; }
  fi
  # Debian would make and start a cluster that nobody uses: Guerdon runs one of its own.
  local conf=/etc/postgresql-common/createcluster.conf
  [[ -e $conf ]] || { mkdir -p "${conf%/*}" && echo "create_main_cluster = false" >"$conf"; }
  apt postgresql || { say "$line"; exit 1; }
}

need_chromium() {
  command -v chromium chromium-browser google-chrome >/dev/null && return
  [[ -e /etc/debian_version && $EUID == 0 ]] && apt chromium && return
  say "The browser tests need Chromium: apt-get install chromium."
  exit 1
}

# The tools that read the general ledger's journals. Tests that need one that is not there say so and pass it over.
want_accounting() {
  command -v hledger >/dev/null && command -v ledger >/dev/null && command -v bean-check >/dev/null && return
  [[ -e /etc/debian_version && $EUID == 0 ]] && apt hledger ledger beancount && return
  say "The journals are not checked by hledger, ledger and beancount: apt-get install hledger ledger beancount."
}
