# bash completion for osteoflare. Verbs, options and names are asked of the program itself, so that nothing here grows old.

# What --help says of a verb (of the program without one), a line for each entry.
_osteoflare_help()
{
    "$1" ${2:+"$2"} --help 2> /dev/null | awk '
        /^      / { sub(/^ +/, " "); entry = entry $0; next }
        { if (entry != "") print entry; entry = $0 }
        END { if (entry != "") print entry }'
}

_osteoflare_verbs()
{
    _osteoflare_help "$1" | sed -n '/^Subcommands:/,$ s/^  \([a-z]*\) .*/\1/p'
}

_osteoflare_options()
{
    _osteoflare_help "$1" "$2" | grep -o '^ *-[^ ]*' | tr -d ' ' | tr ',' '\n'
}

_osteoflare_kinds()
{
    _osteoflare_help "$1" list | sed -n 's/^  KIND REQUIRED *//p' | tr ',' ' '
}

_osteoflare_names()
{
    "$1" list "$2" --markdown 2> /dev/null | sed -n 's/^| `\([^`]*\)`.*/\1/p'
}

# The words and files that an entry of --help speaks of.
_osteoflare_offer()
{
    local program=$1 verb=$2 entry=$3 current=$4 kinds kind words="" ending=""
    kinds=$(grep -o 'osteoflare list [a-z]*' <<< "$entry" | cut -d' ' -f3)
    case "$verb:$entry" in
        check:*SCENARIO*) kinds+=" trials" ;;
        export:*" scenario: "*) kinds+=" models" ;;
        list:*KIND*) words=$(_osteoflare_kinds "$program") ;;
        show:*NAME*) kinds=$(_osteoflare_kinds "$program") ;;
        list:*--model*) kinds=models ;;
        *--field*) kinds=species ;;
    esac
    [[ $entry =~ :\{([^}]*)\} ]] && words+=" ${BASH_REMATCH[1]//,/ }"
    for kind in $kinds; do
        words+=" $(_osteoflare_names "$program" "$kind")"
    done
    if [[ $entry == *" NAME=VALUE "* ]]; then
        words=$(_osteoflare_names "$program" parameters | sed 's/$/=/')
        compopt -o nospace 2> /dev/null
    fi
    COMPREPLY+=($(compgen -W "$words" -- "$current"))
    case "$entry" in
        *"scenario file"* | *"trial file"* | *"problem file"* | *"scenario: a file"*) ending=toml ;;
        *--parameters* | *"results file"*) ending=h5 ;;
        *" FILE "* | *" PICTURE"* | *" FOLDER "*) ending="*" ;;
    esac
    if [[ $ending ]]; then
        compopt -o filenames 2> /dev/null
        COMPREPLY+=($(compgen -d -- "$current") $(compgen -f -X "!*.$ending" -- "$current"))
    fi
}

_osteoflare()
{
    local program=$1 current=$2 before=$3 verb=${COMP_WORDS[1]} entries entry
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        COMPREPLY=($(compgen -W "$(_osteoflare_verbs "$program") $(_osteoflare_options "$program")" -- "$current"))
    elif [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W "$(_osteoflare_options "$program" "$verb")" -- "$current"))
    else
        # The value of an option, whose entry names it before two spaces; else an argument.
        entries=$(_osteoflare_help "$program" "$verb" | grep -E "^ *((-[a-z],)?$before|$before,--[a-z-]*) [^ ]")
        [[ $before == -* && $entries ]] || entries=$(_osteoflare_help "$program" "$verb" | sed -n '/^Positionals:/,/^Options:/ { /^  /p }')
        while IFS= read -r entry; do
            _osteoflare_offer "$program" "$verb" "$entry" "$current"
        done <<< "$entries"
    fi
}

complete -F _osteoflare osteoflare
