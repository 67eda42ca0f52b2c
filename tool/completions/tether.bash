# Completion of tether for bash. The tool itself says what there is: nothing here goes out of date.
_tether_options() { # of a verb, each with its '=' if it takes a value
  "$1" "$2" --help 2>/dev/null | sed -nE 's/^  (--?[a-z-]+=?).*/\1/p'
}
_tether_values() { # of an option of a verb
  "$1" "$2" --help 2>/dev/null |
    awk -v option="$3=" 'index($1, option) == 1 { on = 1; next } /^    =/ && on { print substr($1, 2); next } { on = 0 }'
}
_tether() {
  local tool=${COMP_WORDS[0]} verb=${COMP_WORDS[1]} cur=${COMP_WORDS[COMP_CWORD]} option=
  # bash takes --format=json for three words.
  if [ "$cur" = = ]; then
    option=${COMP_WORDS[COMP_CWORD - 1]} cur=
  elif [ "${COMP_WORDS[COMP_CWORD - 1]}" = = ]; then
    option=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  if [ "$COMP_CWORD" = 1 ]; then
    COMPREPLY=($(compgen -W "$("$tool" --help 2>/dev/null | sed -nE 's/^  ([a-z]+) +- .*/\1/p')" -- "$cur"))
  elif [ -n "$option" ]; then
    COMPREPLY=($(compgen -W "$(_tether_values "$tool" "$verb" "$option")" -- "$cur"))
    [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$cur"))
  elif [ "$verb" = explain ]; then
    COMPREPLY=($(compgen -W "$("$tool" list 2>/dev/null | sed 's/ .*//')" -- "$cur"))
  elif [ "${cur#-}" != "$cur" ]; then
    COMPREPLY=($(compgen -W "$(_tether_options "$tool" "$verb")" -- "$cur"))
    [[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null
  else
    COMPREPLY=($(compgen -f -- "$cur"))
  fi
}
complete -o filenames -F _tether tether
