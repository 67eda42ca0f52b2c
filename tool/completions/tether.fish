# Completion of tether for fish. The tool itself says what there is: nothing here goes out of date.
function __tether_verbs
    tether --help 2>/dev/null | string replace -rf '^  ([a-z]+) +- (.*)' '$1\t$2'
end
function __tether_options
    set -l words (commandline -opc)
    test (count $words) -ge 2; or return
    set -l option ''
    for line in (tether $words[2] --help 2>/dev/null)
        if set -l found (string match -r '^  (--[a-z-]+=?)\S* +- (.*)' -- $line)
            set option $found[2]
            printf '%s\t%s\n' $option $found[3]
        else if set -l value (string match -r '^    =(\S+) *-? *(.*)' -- $line)
            printf '%s%s\t%s\n' $option $value[2] $value[3]
        end
    end
end
complete -c tether -n 'test (count (commandline -opc)) -eq 1' -f -a '(__tether_verbs)'
complete -c tether -n 'contains -- explain (commandline -opc)' -f -a "(tether list 2>/dev/null | string replace -r ' .*' '')"
complete -c tether -n 'string match -q -- "-*" (commandline -ct)' -f -a '(__tether_options)'
