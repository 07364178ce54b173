"""What a platform's crate says of how its evidence is to be read: crates/connector-ID/tests/evidence.json,
where the usual doesn't fit. All of it is optional, and so is the file:

    least_operations   how many operations of the platform's description are to be used; 12 unless said
    description_faults findings of the contract check that the description is to blame for:
                       operation, kind, pointer (with *), why
    counted_otherwise  streams that the sandbox counts otherwise than a sync stores, each with the reason
    plain_lists        recordings whose ids anybody can read off: stream, files (globs), list, id
    subscribes         how the demo's connection subscribes to webhooks in the contract check: deliver_to,
                       and the application's settings, as the environment has them
    kill_test          how the account of the kill test is connected: connect (flags), secret
"""

import json
from pathlib import Path

CRATES = Path(__file__).resolve().parent.parent / "crates"
KNOWN = {"least_operations", "description_faults", "counted_otherwise", "plain_lists", "subscribes", "kill_test"}


def of(platform):
    path = CRATES / f"connector-{platform}" / "tests" / "evidence.json"
    if not path.is_file():
        return {}
    found = json.loads(path.read_text())
    unknown = set(found) - KNOWN
    if unknown:
        raise SystemExit(f"{path}: nobody reads {sorted(unknown)}")
    return found


def all_platforms():
    """Every platform that has something to say."""
    found = {}
    for path in sorted(CRATES.glob("connector-*/tests/evidence.json")):
        platform = path.parent.parent.name.removeprefix("connector-")
        found[platform] = of(platform)
    return found
