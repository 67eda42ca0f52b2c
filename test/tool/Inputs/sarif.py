"""sarif.py FILE ROOT: checks that FILE is the SARIF we promise: what the schema demands of the parts we
use, and that every place in it is a place in a file below ROOT. Prints what a reader would see."""

import json
import pathlib
import re
import sys
import urllib.parse

log = json.loads(pathlib.Path(sys.argv[1]).read_text())
root = pathlib.Path(sys.argv[2]).resolve()


def need(condition, text):
    if not condition:
        sys.exit(f"sarif.py: {text}")


def keys(value, required, optional, what):
    need(isinstance(value, dict), f"{what} is no object")
    need(required <= value.keys(), f"{what} lacks {required - value.keys()}")
    need(value.keys() <= required | optional, f"{what} has unknown {value.keys() - required - optional}")


def text(message, what):
    keys(message, {"text"}, {"markdown"}, what)
    need(message["text"], f"{what} is empty")
    return message["text"]


def lines(artifact):
    keys(artifact, {"uri"}, {"uriBaseId"}, "artifactLocation")
    if "uriBaseId" not in artifact:
        need(artifact["uri"].startswith("file:///"), "absolute URI")
        return None
    need(artifact["uriBaseId"] in run["originalUriBaseIds"], "unknown uriBaseId")
    need(not artifact["uri"].startswith("/"), "relative URI")
    file = root / urllib.parse.unquote(artifact["uri"])
    return file.read_text().splitlines() if file.exists() else None


def location(value):
    keys(value, {"physicalLocation"}, {"id", "message"}, "location")
    physical = value["physicalLocation"]
    keys(physical, {"artifactLocation"}, {"region"}, "physicalLocation")
    source = lines(physical["artifactLocation"])
    region = physical.get("region")
    if region and source is not None:
        keys(region, {"startLine", "startColumn", "endColumn"}, {"snippet"}, "region")
        line = source[region["startLine"] - 1]
        need(1 <= region["startColumn"] < region["endColumn"] <= len(line) + 2, f"columns of {region}")
        if "snippet" in region:
            need(region["snippet"]["text"] == line, f"snippet of {region}")
    uri = physical["artifactLocation"]["uri"]
    return f"{uri}:{region['startLine']}" if region else uri


keys(log, {"$schema", "version", "runs"}, set(), "log")
need(log["version"] == "2.1.0" and "sarif-2.1.0" in log["$schema"], "version")
(run,) = log["runs"]
keys(run, {"tool", "results", "invocations", "columnKind", "originalUriBaseIds"}, set(), "run")
for base in run["originalUriBaseIds"].values():
    need(base["uri"].startswith("file:///") and base["uri"].endswith("/"), "a base URI ends in /")

driver = run["tool"]["driver"]
keys(driver, {"name", "version", "rules"}, {"semanticVersion", "informationUri"}, "driver")
rules = [rule["id"] for rule in driver["rules"]]
need(rules == sorted(set(rules)), "rules are sorted and unique")
for rule in driver["rules"]:
    keys(rule, {"id", "shortDescription", "defaultConfiguration"}, {"fullDescription", "help", "helpUri"}, "rule")
    text(rule["shortDescription"], "shortDescription")
    for key in ("fullDescription", "help"):
        if key in rule:
            text(rule[key], key)

fingerprints = []
for result in run["results"]:
    keys(result, {"ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"},
         {"relatedLocations", "codeFlows", "fixes", "properties", "baselineState", "suppressions"},
         "result")
    need(rules[result["ruleIndex"]] == result["ruleId"], "ruleIndex")
    need(result["level"] in ("warning", "error"), "level")
    (place,) = result["locations"]
    print(f"{location(place)}: {result['level']}: {text(result['message'], 'message')} ({result['ruleId']})"
          + (" " + result["baselineState"] if "baselineState" in result else "")
          + (", suppressed" if "suppressions" in result else ""))
    need(result.get("baselineState", "new") in ("new", "unchanged"), "baselineState")
    for suppression in result.get("suppressions", []):
        keys(suppression, {"kind"}, {"justification"}, "suppression")
        need(suppression["kind"] in ("inSource", "external"), "kind of suppression")
    fingerprints += result["partialFingerprints"].values()
    for related in result.get("relatedLocations", []):
        location(related)
    for flow in result.get("codeFlows", []):
        for thread in flow["threadFlows"]:
            need(thread["locations"], "a flow without steps")
            for step in thread["locations"]:
                print(f"  step {location(step['location'])}: {text(step['location']['message'], 'step')}")
    for fix in result.get("fixes", []):
        for change in fix["artifactChanges"]:
            source = lines(change["artifactLocation"])
            for replacement in change["replacements"]:
                region = replacement["deletedRegion"]
                need(source is None or region["startColumn"] <= len(source[region["startLine"] - 1]) + 1, "fix out of its line")
                print(f"  fix {change['artifactLocation']['uri']}:{region['startLine']}: "
                      f"{replacement['insertedContent']['text']!r}")
need(len(set(fingerprints)) == len(fingerprints), "fingerprints are unique")
need(all(re.fullmatch("[0-9a-f]{32}", f) for f in fingerprints), "fingerprints are hashes")

(invocation,) = run["invocations"]
notifications = invocation.get("toolExecutionNotifications", [])
failed = [n for n in notifications if n["level"] == "error"]
need(invocation["executionSuccessful"] == (not failed), "executionSuccessful")
for notification in notifications:
    print(f"notification: {notification['level']}: {text(notification['message'], 'notification')}")
    for place in notification.get("locations", []):
        location(place)
