import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addImages } from "../../dev/cluster/cluster";
import { type KubectlAccess } from "../../dev/cluster/kubectl";
import type { Cluster } from "../../dev/cluster/types";
import { ensureTools } from "../../dev/toolchain/ensure";
import { digest } from "../../lib/digest";
import { ROOT } from "../../lib/paths";
import { say } from "../../lib/progress";
import { describeReal, EXAMPLE_DEFAULTS } from "../support/clusters";
import { nodeNetwork } from "../support/envoy-gateway";
import { exampleConfig } from "../support/examples";
import { INITIALIZER_IMAGE, MLSERVER_IMAGE, pythonImages } from "../support/python-images";
import { type S3Server, startS3 } from "../support/s3-server";
import { eventually, predict } from "../support/traffic";
import { Workspace } from "../support/workspace";

const NAMESPACE = "artefacts";
const MODELS = join(ROOT, "examples/model-server/models");
const TIMEOUT_MS = 900_000;

/** Trains a model of scikit-learn, and says what it predicts for a flower. */
const TRAIN = `
import joblib, sys
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
data = load_iris()
model = LogisticRegression(max_iter=1000).fit(data.data, data.target)
joblib.dump(model, sys.argv[1])
print(model.predict([[6.3, 3.3, 6.0, 2.5]])[0])`;

/** Asks by NVIDIA's client of the Open Inference Protocol. */
const ASK = `
import sys, numpy, tritonclient.http as http
client = http.InferenceServerClient(sys.argv[1])
assert client.is_server_ready() and client.is_model_ready(sys.argv[2])
flower = http.InferInput("input", [1, 4], "FP64")
flower.set_data_from_numpy(numpy.array([[6.3, 3.3, 6.0, 2.5]]), binary_data=False)
answer = client.infer(sys.argv[2], [flower], outputs=[http.InferRequestedOutput("predict", binary_data=False)])
print(answer.as_numpy("predict").flatten()[0])`;

/** What the tests share: servers of files on the machine's end of the node's link, where pods reach them. */
interface Stores {
  readonly s3: S3Server;
  readonly web: Server;
  readonly webUrl: string;
  readonly interpreter: string;
  /** What the trained model predicts. */
  readonly prediction: string;
  readonly hash: string;
}

describeReal("artefacts", (cluster) => {
  let fleet: Workspace;
  let stores: Stores | undefined;
  const cache = mkdtempSync(join(tmpdir(), "modelfleet-cache-"));
  let first = "";

  beforeAll(async () => {
    stores = await openStores(cluster);
    if (stores === undefined) return;
    // Of a claim on a folder of the machine, the kubelet does not change the owner.
    chmodSync(cache, 0o777);
    fleet = await Workspace.create({ stack: "artefacts", cluster, config: configOf(stores) });
    await makeClaim(fleet, cache);
    await fleet.must(
      "config",
      "set",
      "--secret",
      "--path",
      "modelfleet:secrets.sk.AWS_SECRET_ACCESS_KEY",
      stores.s3.keys["AWS_SECRET_ACCESS_KEY"] ?? "",
    );
    first = (await fleet.pulumi("up", "--yes", "--skip-preview")).text;
  }, TIMEOUT_MS);
  afterAll(async () => {
    stores?.s3.stop();
    stores?.web.close();
    if (stores !== undefined) await fleet.remove(NAMESPACE);
    rmSync(cache, { recursive: true, force: true });
  });

  test("MLServer serves a model of scikit-learn from a bucket, and answers a client that others wrote", async ({
    skip,
  }) => {
    if (stores === undefined) return skip("there are no packages of Python");
    const address = `${cluster.ingressUrl?.replace("http://", "")}/artefacts/sk`;
    await eventually(async () => {
      const { stdout } = await execa(stores?.interpreter ?? "", ["-c", ASK, address, "sk"]);
      expect(stdout, first).toBe(stores?.prediction);
    });
  });

  test("a file with another hash than that of the settings starts no server, and the initializer says so", async ({
    skip,
  }) => {
    if (stores === undefined) return skip("there are no packages of Python");
    // At the end of the update, the initializer may have ended, or run once more.
    expect(first).toMatch(/error: model "wrong" is not ready.*\n.*its container storage-initializer /);
    await eventually(async () => {
      const of = ["deployment/wrong", "-n", NAMESPACE, "-c", "storage-initializer"];
      expect(await fleet.kubectl("logs", ...of)).toMatch(
        /has the SHA-256 hash \w+, and not 0{64} as sha256 says/,
      );
    });
  });

  test("a cache has what was downloaded after the store is gone", async ({ skip }) => {
    if (stores === undefined) return skip("there are no packages of Python");
    const url = `${cluster.ingressUrl}/artefacts/flowers`;
    await eventually(async () => expect((await predict(url, "iris")).version).toBe("1"));
    expect(readdirSync(cache).filter((name) => !name.endsWith(".lock"))).toEqual([
      expect.stringMatching(/^iris\.zip-[0-9a-f]{12}$/),
    ]);
    stores.web.close();
    stores.web.closeAllConnections();
    const pods = ["pods", "-n", NAMESPACE, "-l", "app.kubernetes.io/name=flowers"];
    const before = await fleet.kubectl("get", ...pods, "-o", "name");
    await fleet.kubectl("rollout", "restart", "deployment/flowers", "-n", NAMESPACE);
    await fleet.kubectl("rollout", "status", "deployment/flowers", "-n", NAMESPACE, "--timeout=60s");
    const after = await fleet.kubectl("get", ...pods, "-o", "name");
    expect(after).not.toBe(before);
    await eventually(async () => expect((await predict(url, "iris")).version).toBe("1"));
  });
});

/** The settings of the example, with stores, images and a size that this machine has, and a model that cannot start. */
function configOf({ s3, webUrl, hash }: Stores): Record<string, unknown> {
  const { catalog, ...example } = exampleConfig<Catalog>("artefacts");
  const { sk, flowers } = catalog;
  const access = { AWS_ENDPOINT_URL: s3.url, AWS_ACCESS_KEY_ID: s3.keys["AWS_ACCESS_KEY_ID"] };
  return {
    ...example,
    namespace: NAMESPACE,
    models: ["sk", "flowers", "wrong"],
    defaults: { ...EXAMPLE_DEFAULTS, startupSeconds: 120 },
    storage: { initializerImage: INITIALIZER_IMAGE },
    catalog: {
      sk: { ...sk, image: MLSERVER_IMAGE, sha256: hash, env: { ...sk.env, ...access } },
      flowers: { ...flowers, storageUri: `${webUrl}/iris.zip` },
      wrong: {
        storageUri: `${webUrl}/iris.onnx`,
        ...{ sha256: "0".repeat(64), startupSeconds: 15, env: { MODEL_NAME: "iris" } },
      },
    },
  };
}

interface Catalog {
  readonly catalog: Readonly<Record<"sk" | "flowers", { readonly env: object }>>;
}

async function openStores(cluster: Cluster): Promise<Stores | undefined> {
  const images = await pythonImages();
  if ("reason" in images) {
    say(`skipped: artefacts (${images.reason})`);
    return undefined;
  }
  const { interpreter } = images;
  await addImages(cluster, [images.archive]);
  const { hostAddress } = await nodeNetwork(await accessTo(cluster));
  const s3 = await startS3("models", hostAddress);
  const folder = mkdtempSync(join(tmpdir(), "modelfleet-artefacts-"));
  await execa("mkdir", ["-p", join(s3.folder, "iris")]);
  const file = join(s3.folder, "iris", "model.joblib");
  const { stdout: prediction } = await execa(interpreter, ["-c", TRAIN, file]);
  const zip = join(folder, "iris.zip");
  const members = ["iris.onnx", "iris.json"].map((name) => join(MODELS, name));
  await execa(interpreter, ["-m", "zipfile", "-c", zip, ...members]);
  const web = createServer((request, response) => {
    const isZip = request.url === "/iris.zip";
    response.setHeader("content-type", isZip ? "application/zip" : "application/octet-stream");
    response.end(readFileSync(isZip ? zip : join(MODELS, "iris.onnx")));
  });
  await new Promise<void>((resolve) => web.listen(0, hostAddress, resolve));
  const webUrl = `http://${hostAddress}:${(web.address() as AddressInfo).port}`;
  return { s3, web, webUrl, interpreter, prediction, hash: digest(readFileSync(file)) };
}

async function accessTo({ kubeconfig, directory }: Cluster): Promise<KubectlAccess> {
  const { kubectl: program } = await ensureTools(["kubectl"]);
  return { kubectl: program, kubeconfig, directory };
}

/** A claim on a folder of the machine, in the namespace of the fleet. */
async function makeClaim(fleet: Workspace, folder: string): Promise<void> {
  const capacity = { storage: "1Gi" };
  const common = { accessModes: ["ReadWriteMany"], storageClassName: "" };
  const objects = [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } },
    {
      ...{ apiVersion: "v1", kind: "PersistentVolume", metadata: { name: "artefacts" } },
      spec: {
        ...common,
        capacity,
        hostPath: { path: folder },
        claimRef: { namespace: NAMESPACE, name: "model-cache" },
      },
    },
    {
      ...{
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "model-cache", namespace: NAMESPACE },
      },
      spec: { ...common, resources: { requests: capacity }, volumeName: "artefacts" },
    },
  ];
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  const outcome = await fleet.shell(`kubectl apply -f - <<'EOF'\n${list}\nEOF`);
  expect(outcome.exitCode, outcome.text).toBe(0);
}
