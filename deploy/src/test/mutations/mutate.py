#!/usr/bin/env python3
"""Breaks one line of the protocol at a time, and says which tests notice.

    deploy/src/test/mutations/mutate.py [name …]

It works in a git worktree of its own, of what is committed; a mutant that no test notices is an error. Each takes a
build of the modules below the tests, a minute or two.
"""
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

HOME = pathlib.Path(__file__).resolve().parents[4]
LUA = "room/src/main/resources/partyline/room/redis/"
FEED = "gateway/src/main/java/partyline/gateway/feed/Feed.java"
HUB = "gateway/src/main/java/partyline/gateway/hub/"

# name: (file, a line's part, what stands there instead, module of the tests, tests)
MUTANTS = {
    "resync: a feed that comes back reads nothing of what it missed": (
        FEED, "      readNext(to, hears);\n      return;", "      live();\n      return;",
        "gateway", "FeedTest,SimulatorTest"),
    "id filter: a live stream is offered what it was told": (
        HUB + "Subscription.java", "if (!frame.id().isAfter(cursor)) {", "if (frame.id().equals(EventId.ZERO)) {",
        "gateway", "ResumeTest,FeedTest,SimulatorTest"),
    "id filter: a feed tells what it is told twice": (
        FEED, "if (room == null || !event.id().isAfter(position)) {", "if (room == null) {",
        "gateway", "FeedTest,ResumeTest,SimulatorTest"),
    "epoch jump: an epoch begins where the last id was seen": (
        LUA + "epoch.lua", "highest + jump,", "highest,",
        "room", "RedisFailoverTest,RedisRoomLogTest"),
    "expectations: what a decision was made on may have changed": (
        LUA + "append.lua", "if (values[i] and '=' .. values[i] or '!') ~= ARGV[12 + 3 * i] then", "if false then",
        "room", "RedisRaceTest,RedisRoomLogTest"),
    "publish last: a refused write is heard": (
        LUA + "append.lua", "local id = add()\n", "redis.call('PUBLISH', ARGV[5], '0-1\\n' .. packed)\nlocal id = add()\n",
        "room", "RedisRefusalTest"),
    "horizon: what was answered does not count as seen": (
        "room/src/main/java/partyline/room/chat/Commands.java", "                horizon.answered(event.id());\n", "",
        "room", "HorizonTest"),
}


def failures(tree, module):
    for report in sorted((tree / module / "target" / "surefire-reports").glob("TEST-*.xml")):
        for case in xml.parse(report).getroot().iter("testcase"):
            if case.find("failure") is not None or case.find("error") is not None:
                yield f"{case.get('classname').split('.')[-1]}: {case.get('name')}"


def notice(tree, mutant):
    file, old, new, module, tests = mutant
    path = tree / file
    source = path.read_text()
    if source.count(old) < 1:
        sys.exit(f"{file} no longer holds what this mutant breaks: {old!r}")
    path.write_text(source.replace(old, new, 1))
    try:
        subprocess.run(["rm", "-rf", str(tree / module / "target" / "surefire-reports")], check=True)
        build = subprocess.run(
            ["mvn", "-q", "-B", "-ntp", "-P", "!checks", "-pl", module, "-am", "test", f"-Dtest={tests}",
             "-Dpartyline.schedules=5000"],
            cwd=tree, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        found = list(failures(tree, module))
        if build.returncode != 0 and not found:
            sys.exit("a mutant does not build:\n" + build.stdout[-3000:])
        return found
    finally:
        path.write_text(source)


def main():
    wanted = [name for name in MUTANTS if not sys.argv[1:] or any(word in name for word in sys.argv[1:])]
    alive = []
    with tempfile.TemporaryDirectory(prefix="partyline-mutants-") as folder:
        tree = pathlib.Path(folder) / "tree"
        subprocess.run(["git", "-C", str(HOME), "worktree", "add", "-q", "--detach", str(tree)], check=True)
        try:
            for name in wanted:
                found = notice(tree, MUTANTS[name])
                print(f"{name}\n  {len(found)} tests notice" + "".join(f"\n  - {test}" for test in found[:5]), flush=True)
                if not found:
                    alive.append(name)
        finally:
            subprocess.run(["git", "-C", str(HOME), "worktree", "remove", "--force", str(tree)], check=True)
    if alive:
        sys.exit("nobody notices: " + "; ".join(alive))


main()
