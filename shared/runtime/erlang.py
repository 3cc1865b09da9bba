"""A kept line into a running Erlang node: milliseconds per call where `rabbitmqctl` takes over a second."""

import select
import subprocess
import time
from collections.abc import Mapping

# Reads one `{Module, Function, Arguments}.` per line, calls it on the node and answers in one line.
_LOOP = """
Node = list_to_atom(hd(init:get_plain_arguments())),
Loop = fun Loop() ->
    case io:get_line("") of
        Line when is_list(Line) ->
            {ok, Tokens, _} = erl_scan:string(Line),
            {ok, {Module, Function, Arguments}} = erl_parse:parse_term(Tokens),
            Answer = rpc:call(Node, Module, Function, Arguments, 60000),
            io:format("~s~n", [string:join(string:lexemes(io_lib:format("~0p", [Answer]), "\\n"), " ")]),
            Loop();
        _ -> halt(0)
    end
end,
Loop().
"""


_QUIET = ("-start_epmd", "false", "-kernel", "inet_dist_use_interface", "{127,0,0,1}")


class ErlangFailed(RuntimeError):
    """The node did not answer, or refused the call; the message holds its answer."""


class ErlangLine:
    """Calls functions on `node`; it ends by itself when this process does.

    `environment` carries HOME (with the cookie) and ERL_EPMD_PORT.
    """

    def __init__(self, node: str, environment: Mapping[str, str]) -> None:
        name, _, host = node.partition("@")
        self._process = subprocess.Popen(
            [
                "erl",
                "-noshell",
                "-hidden",
                "-sname",
                f"{name}-line@{host}",
                *_QUIET,
                "-eval",
                _LOOP,
                "-extra",
                node,
            ],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )

    def call(self, module: str, function: str, arguments: str = "", *, within: float = 60) -> str:
        """Calls `module:function(arguments)`, all in Erlang's notation, and returns the answer in it."""
        assert self._process.stdin
        try:
            self._process.stdin.write(f"{{{module}, {function}, [{arguments}]}}.\n".encode())
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise ErlangFailed("the line to the node has ended") from error
        answer = self._read_line(time.monotonic() + within)
        if answer.startswith(("{badrpc", "{error")):
            raise ErlangFailed(f"{module}:{function}({arguments}) answered {answer}")
        return answer

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _read_line(self, deadline: float) -> str:
        assert self._process.stdout
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([self._process.stdout], [], [], max(0, deadline - time.monotonic()))
            piece = self._process.stdout.read1(65536) if ready else b""  # type: ignore[attr-defined]
            if not piece:
                raise ErlangFailed("the node does not answer")
            line += piece
        return line.decode().strip()


def erlang_binary(text: str) -> str:
    """`text` in Erlang's notation for a binary."""
    return "<<" + ",".join(str(byte) for byte in text.encode()) + ">>"
