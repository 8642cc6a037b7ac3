# Asks Debian's archives for packages without a change to the machine's own apt. For scripts that set $work, a folder for it.

say() { printf '== %s\n' "$*"; }

fail() {
    say "$*"
    exit 1
}

# Debian's own archives among the machine's, with their sources, in a folder of our own: other architectures are asked for
# without a change to the machine's apt.
# $1: the release
write_sources() {
    local suite=$1
    rm -rf "$work/sources"
    mkdir -p "$work/sources"
    local file
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [ -f "$file" ] || continue
        { grep -E '^deb\s.*://\S+/debian/?\s' "$file" || true; } | sed -E 's/\barch=\S+\b//' | head -1 |
            sed -E "s#(/debian/?)\s+\S+#\1 $suite#" | sed -E 'p; s/^deb\s/deb-src /' >>"$work/sources/machine.list"
    done
    for file in /etc/apt/sources.list.d/*.sources; do
        [ -f "$file" ] || continue
        awk -v RS= -v ORS='\n\n' '/URIs:[^\n]*\/debian\/?(\n|$)/' "$file" |
            sed -E "s/^Types:.*/Types: deb deb-src/; s/^Suites:.*/Suites: $suite/; /^(Architectures|#)/d" >>"$work/sources/machine.sources"
    done
    [ -n "$(cat "$work/sources"/*)" ] || fail "apt knows no archive of Debian's"
}

# Runs an apt command for an architecture, with lists of its own. What apt cannot verify, it does not take.
apt_for() {
    local architecture=$1 command=$2
    local root=$work/apt/$architecture
    shift 2
    mkdir -p "$root/lists/partial" "$root/archives/partial"
    : >>"$root/status"
    "$command" -qq "$@" \
        -o APT::Architecture="$architecture" -o APT::Architectures::="$architecture" \
        -o Dir::Etc::sourcelist=- -o Dir::Etc::sourceparts="$work/sources" \
        -o Dir::State="$root" -o Dir::State::Lists="$root/lists" -o Dir::State::status="$root/status" \
        -o Dir::Cache="$root" -o APT::Sandbox::User=root \
        -o Acquire::Languages=none -o Acquire::AllowInsecureRepositories=false -o APT::Get::AllowUnauthenticated=false
}
