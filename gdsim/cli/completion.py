"""``gdsim completion``: completion for shells, written from the parser itself."""

from __future__ import annotations

import sys
from argparse import Action, ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from gdsim.cli.command import Command
from gdsim.cli.scenario_options import FILE, SCENARIO


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a command: its option strings (none for a positional one) and what may stand there.

    words: what may be typed; files: the ending of files that may, ``""`` for any, None for none.
    takes_value: whether an option is followed by a value; is_repeated: whether a positional one may come again.
    """

    flags: tuple[str, ...]
    does: str
    words: tuple[str, ...]
    files: str | None
    takes_value: bool
    is_repeated: bool


def _options(parser: ArgumentParser) -> None:
    parser.add_argument("shell", choices=tuple(_SHELLS), help="the shell to write for")


def _act(options: Namespace) -> int:
    sys.stdout.write(_SHELLS[options.shell](_commands()))
    return 0


def _commands() -> dict[str, tuple[str, tuple[Argument, ...]]]:
    """Return what each command does and takes, by name, read off the parsers."""
    from gdsim.cli.parser import COMMANDS, command_named
    from gdsim.scenario.library import names

    scenarios, commands = names(), {}
    for name, command in ((name, command_named(name)) for name in COMMANDS):
        parser = ArgumentParser(add_help=True)
        command.options(parser)
        # argparse offers no public list of what was added to a parser
        commands[name] = (command.does, tuple(_argument(action, scenarios) for action in parser._actions))
    return commands


def _argument(action: Action, scenarios: tuple[str, ...]) -> Argument:
    words = tuple(map(str, action.choices)) if action.choices else scenarios if action.metavar == SCENARIO else ()
    files = {SCENARIO: ".toml", FILE: ""}.get(str(action.metavar))
    return Argument(
        tuple(action.option_strings), action.help or "", words, files, action.nargs != 0, action.nargs == "*"
    )


def _positional(arguments: tuple[Argument, ...]) -> Iterator[Argument]:
    return (argument for argument in arguments if not argument.flags)


def _flags(arguments: tuple[Argument, ...]) -> Iterator[str]:
    return (flag for argument in arguments for flag in argument.flags)


_Commands = Mapping[str, tuple[str, tuple[Argument, ...]]]


def _bash(commands: _Commands) -> str:
    lines = [
        '# gdsim completion for bash: eval "$(gdsim completion bash)"',
        "_gdsim() {",
        '    local command="${COMP_WORDS[1]}" current="${COMP_WORDS[COMP_CWORD]}" words="" files="" place=0 i',
        '    if [ "$COMP_CWORD" -eq 1 ]; then',
        f'        words="{" ".join(commands)} --help --version"',
        "    else",
        '        case "$command ${COMP_WORDS[COMP_CWORD-1]}" in',
    ]
    values = [
        (name, argument)
        for name, (_does, arguments) in commands.items()
        for argument in arguments
        if argument.flags and argument.takes_value
    ]
    lines += [f"            {_bash_pattern(name, each)}) {_bash_values(each)} ;;" for name, each in values]
    lines += [
        "            *)",
        "                for ((i = 2; i < COMP_CWORD; i++)); do  # how many arguments come before",
        '                    case "$command ${COMP_WORDS[i-1]}" in',
        f"                        {'|'.join(_bash_pattern(name, each) for name, each in values)}) ;;",
        '                        *) [[ "${COMP_WORDS[i]}" == -* ]] || ((place += 1)) ;;',
        "                    esac",
        "                done",
        '                case "$command" in',
        *(f'                    {name}) words="{" ".join(_flags(each))}" ;;' for name, (_, each) in commands.items()),
        "                esac",
        '                case "$command $place" in',
    ]
    for name, (_does, arguments) in commands.items():
        for place, argument in enumerate(_positional(arguments)):
            pattern = f'"{name} "*' if argument.is_repeated else f'"{name} {place}"'
            lines.append(f"                    {pattern}) {_bash_values(argument, before='$words ')} ;;")
    lines += [
        "                esac ;;",
        "        esac",
        "    fi",
        '    COMPREPLY=($(compgen -W "$words" -- "$current"))',
        '    [ "$files" = .toml ] && COMPREPLY+=($(compgen -f -X "!*.toml" -- "$current"))',
        '    [ "$files" = any ] && COMPREPLY+=($(compgen -f -- "$current"))',
        '    [ "$files" = .toml ] && COMPREPLY+=($(compgen -d -S / -- "$current"))',
        "    return 0",
        "}",
        "complete -F _gdsim gdsim",
    ]
    return "\n".join(lines) + "\n"


def _bash_pattern(name: str, argument: Argument) -> str:
    return "|".join(f'"{name} {flag}"' for flag in argument.flags)


def _bash_values(argument: Argument, before: str = "") -> str:
    files = "" if argument.files is None else f" files={argument.files or 'any'}"
    return f'words="{before}{" ".join(argument.words)}"{files}'


def _zsh(commands: _Commands) -> str:
    lines = ["#compdef gdsim", "# gdsim completion for zsh: source <(gdsim completion zsh)", "_gdsim() {"]
    lines += ["    local -a commands", "    commands=("]
    lines += [f"        '{name}:{_plain(does)}'" for name, (does, _arguments) in commands.items()]
    lines += [
        "    )",
        "    if (( CURRENT == 2 )); then",
        "        _describe command commands",
        "        return",
        "    fi",
    ]
    lines += ["    local command=$words[2]", "    shift words; (( CURRENT-- ))", "    case $command in"]
    for name, (_does, arguments) in commands.items():
        places = (
            f"*:{_zsh_value(each)}" if each.is_repeated else f":{_zsh_value(each)}" for each in _positional(arguments)
        )
        options = (_zsh_option(argument) for argument in arguments if argument.flags)
        lines.append(f"        {name}) _arguments {' '.join((*options, *(_zsh_quoted(place) for place in places)))} ;;")
    lines += ["    esac", "}", "compdef _gdsim gdsim"]
    return "\n".join(lines) + "\n"


def _zsh_value(argument: Argument) -> str:
    """Return what may stand for an argument: a message and an action of zsh's completion."""
    action = f"({' '.join(argument.words)})" if argument.words else "_files" if argument.files is not None else " "
    if argument.words and argument.files is not None:
        action = f'{{compadd {" ".join(argument.words)}; _files -g "*.toml"}}'
    return f"{_plain(argument.does).replace(':', ' ')}:{action}"


def _zsh_option(argument: Argument) -> str:
    message = _plain(argument.does).replace(":", " ")
    value = f":value:{_zsh_value(argument).rpartition(':')[2]}" if argument.takes_value else ""
    return " ".join(_zsh_quoted(f"*{flag}[{message}]{value}") for flag in argument.flags)


def _zsh_quoted(text: str) -> str:
    return f"'{text}'"


def _fish(commands: _Commands) -> str:
    lines = ["# gdsim completion for fish: gdsim completion fish | source", "complete -c gdsim -f"]
    lines.append("complete -c gdsim -n __fish_use_subcommand -l version -d 'show the version'")
    for name, (does, arguments) in commands.items():
        lines.append(f"complete -c gdsim -n __fish_use_subcommand -a {name} -d '{_plain(does)}'")
        lines += [_fish_argument(name, argument) for argument in arguments]
    return "\n".join(lines) + "\n"


def _fish_argument(name: str, argument: Argument) -> str:
    flags = " ".join(f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}" for flag in argument.flags)
    words = f"-a '{' '.join(argument.words)}'" if argument.words else ""
    takes = "-r" if argument.flags and argument.takes_value else ""
    files = "-F" if argument.files is not None else "-f"
    parts = [f"complete -c gdsim -n '__fish_seen_subcommand_from {name}'", flags, takes, words, files]
    return " ".join([*filter(None, parts), f"-d '{_plain(argument.does)}'"])


def _plain(text: str) -> str:
    """Return a help text that may stand between single quotes in every shell."""
    return text.replace("'", "").replace("[", "(").replace("]", ")").replace("%(prog)s", "gdsim")


_SHELLS: dict[str, Callable[[_Commands], str]] = {"bash": _bash, "zsh": _zsh, "fish": _fish}

COMMAND = Command(
    "completion",
    "print a completion script for a shell",
    ('eval "$(gdsim completion bash)"', "gdsim completion fish > ~/.config/fish/completions/gdsim.fish"),
    _options,
    _act,
)
