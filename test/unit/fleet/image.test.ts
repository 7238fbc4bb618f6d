import { describe, expect, test } from "vitest";
import { problemOfImage } from "../../../fleet/image";

const HASH = "a".repeat(64);

describe("an image reference", () => {
  test.each([
    "iris",
    "iris:3",
    "team/iris:3",
    "registry.example/iris:1",
    "registry.example:5000/models/iris_v2/a--b:v1.2_3-RC",
    "localhost/iris",
    "localhost:5000/iris",
    "127.0.0.1:1/nothing:1",
    "[::1]:5000/iris:1",
    `ghcr.io/team/iris@sha256:${HASH}`,
    `ghcr.io/team/iris:1@sha256:${HASH}`,
    `iris@sha512:${HASH}${HASH}`,
    "Registry.Example/iris",
    `${HASH}:1`,
    `registry.example/${"b".repeat(255)}`,
  ])("may be %s", (image) => {
    expect(problemOfImage(image)).toBeUndefined();
  });

  test.each([
    ["https://registry.example/x", 'is an address, not an image reference; remove "https://"'],
    ["a/b/", 'has an empty part in its name; remove the extra "/"'],
    ["registry.example//iris:1", 'has an empty part in its name; remove the extra "/"'],
    ["/iris:1", 'has an empty part in its name; remove the extra "/"'],
    ["ghcr.io/Team-A/iris:1", 'has "Team-A" in its name, which must be in lower case; write "team-a"'],
    ["Iris:1", 'has "Iris" in its name, which must be in lower case; write "iris"'],
    ["registry.example/iris:", 'has an empty tag; give one after ":", or remove the ":"'],
    ["registry.example/iris:1:2", 'has two tags; keep one ":" after the name'],
    ["iris:1:2", 'has two tags; keep one ":" after the name'],
    ["iris:-1", 'has the tag "-1", which is not valid'],
    [`iris:${"1".repeat(129)}`, "which is not valid (at most 128"],
    ["iris :1", "has white space"],
    ["iris:1\n", "has white space"],
    ["my..iris", 'has "my..iris" in its name, which is not valid'],
    ["-iris", 'has "-iris" in its name, which is not valid'],
    ["registry.example:http/iris", 'has "registry.example:http" for its registry'],
    ["iris@sha256:abc", "has a digest of 3 characters; sha256 has 64 hexadecimal digits"],
    [`iris@sha256:${"A".repeat(64)}`, "in lower case"],
    [`iris@sha256:${HASH}:1`, "has a digest of 66 characters"],
    ["b".repeat(248), "has a name of 256 characters; the longest has 255"],
    ["iris@md5:abc", "has a digest that is not like"],
    ["iris@sha256:a@sha256:b", "has two digests"],
    [HASH, "is only a hash"],
    [`a/${"b".repeat(255)}`, "has a name of 257 characters"],
  ])("may not be %s", (image, rule) => {
    expect(problemOfImage(image)).toContain(rule);
  });
});
