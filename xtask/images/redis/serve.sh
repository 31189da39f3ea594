# Sourced by the entrypoints with the command in "$@": runs the server, which `kind` names.

# Official builds have protected mode off, Debian's have it on, which without a password refuses every connection from
# another container. A setting of the user's wins.
if [[ " $* " != *' --protected-mode '* ]] &&
    ! { [[ ${2:--} != -* ]] && [ -r "$2" ] && grep -qiE '^\s*protected-mode\s' "$2"; }; then
    set -- "$@" --protected-mode no
fi
if [ "$(umask)" = 0022 ]; then umask 0077; fi
if [ "$kind" = valkey ]; then
    # shellcheck disable=SC2086 # these are several words
    exec "$@" ${VALKEY_EXTRA_FLAGS:-}
fi
exec "$@"
