"""Models: fetched from a local hub, listed, removed."""

from __future__ import annotations

import http.server
import json
import signal
import threading
from contextlib import contextmanager

from fakes.recordings import SPEECH, TINY_WHISPER, plain


class Hub(http.server.BaseHTTPRequestHandler):
    """Gives the tiny model's files for those of any model; ``stalls_on``: the file it never finishes."""

    stalls_on = ""
    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self.answer(body=False)

    def do_GET(self):
        self.answer(body=True)

    def answer(self, *, body):
        name = self.path.rpartition("/")[2]
        if name == "vocabulary.txt":  # the older form of the same
            data = "\n".join(json.loads((TINY_WHISPER / "vocabulary.json").read_text())).encode()
        else:
            data = (TINY_WHISPER / name).read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if body:
            if name == self.stalls_on:
                self.wfile.write(data[:1000])
                self.wfile.flush()
                self.server.stalled.set()
                self.server.ended.wait(30)
                self.close_connection = True
            else:
                self.wfile.write(data)

    def log_message(self, *_):
        return


@contextmanager
def a_hub(**options):
    handler = type("OurHub", (Hub,), options)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.stalled, server.ended = threading.Event(), threading.Event()
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.ended.set()
            server.shutdown()
            thread.join()


def here(program):
    return {row["model"] for row in program("models", "list", "--json").json() if row["here"]}


def test_a_model_is_fetched_used_and_removed(program):
    assert here(program) == set()
    with a_hub() as hub:
        program.env["DEBABELIZER_MODEL_HOST"] = f"http://127.0.0.1:{hub.server_port}"
        ran = program("models", "download", "whisper", "tiny.en")
        assert ran.status == 0, ran.err
        assert "tiny.en is here" in ran.err
        assert "already here" in program("models", "download", "whisper", "tiny.en").err
    assert here(program) == {"tiny.en"}
    assert program("config", "set", "providers.whisper.model", "tiny.en").status == 0
    assert "* whisper" in program("providers").out
    said = program("transcribe", SPEECH / "03_digits.wav")
    assert plain(said.out) == "seven three nine zero four two", said.err
    assert "MB are free again" in program("models", "remove", "whisper", "tiny.en").err
    assert here(program) == set()
    assert "not here" in program("models", "remove", "whisper", "tiny.en").err


def test_ctrl_c_stops_a_download_and_the_next_time_goes_on(program):
    with a_hub(stalls_on="model.bin") as hub:
        program.env["DEBABELIZER_MODEL_HOST"] = f"http://127.0.0.1:{hub.server_port}"
        with program.started("models", "download", "whisper", "base") as process:
            assert hub.stalled.wait(30)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=30)
        assert process.returncode == 130
        assert b"Traceback" not in err
    assert here(program) == set()
    with a_hub() as hub:
        program.env["DEBABELIZER_MODEL_HOST"] = f"http://127.0.0.1:{hub.server_port}"
        assert program("models", "download", "whisper", "base").status == 0
    assert here(program) == {"base"}


def test_no_network_is_said_with_the_way_out(program):
    program.env["DEBABELIZER_MODEL_HOST"] = "http://127.0.0.1:9"
    ran = program("models", "download", "whisper", "tiny")
    assert ran.status == 69
    assert "Check the network connection" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_the_list_says_how_big_each_is_and_what_for(program):
    tiny = next(line for line in program("models", "list").out.splitlines() if " tiny " in line)
    assert "75 MB" in tiny
    assert "The fastest" in tiny
