/**
 * The same fleet, written like Pulumi's own examples: the whole SDK, every default of the provider, run by Pulumi's
 * ts-node. It has no ownership check, no validation and no settings per model.
 */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

interface Registry {
  server: string;
  username: string;
  password: string;
}

const config = new pulumi.Config();
const models = config.requireObject<string[]>("models");
const image = config.require("image");
const registry = config.requireSecretObject<Registry>("registry");

const labels = (name: string) => ({
  "app.kubernetes.io/name": name,
  "app.kubernetes.io/part-of": "modelfleet",
  "app.kubernetes.io/managed-by": "pulumi",
  "app.kubernetes.io/instance": pulumi.getStack(),
});

const space = new k8s.core.v1.Namespace("fleet", {
  metadata: {
    name: config.require("namespace"),
    labels: { ...labels("fleet"), "pod-security.kubernetes.io/enforce": "restricted" },
  },
});
const namespace = space.metadata.name;

const pullSecret = new k8s.core.v1.Secret("modelfleet-registry", {
  metadata: { name: "modelfleet-registry", namespace, labels: labels("modelfleet-registry") },
  type: "kubernetes.io/dockerconfigjson",
  stringData: {
    ".dockerconfigjson": registry.apply(({ server, username, password }) => {
      const auth = Buffer.from(`${username}:${password}`).toString("base64");
      return JSON.stringify({ auths: { [server]: { username, password, auth } } });
    }),
  },
});

const services = models.map((id) => {
  const metadata = { name: id, namespace, labels: labels(id) };
  const selector = {
    "app.kubernetes.io/name": id,
    "app.kubernetes.io/instance": pulumi.getStack(),
    "modelfleet.dev/variant": "default",
  };

  const secret = new k8s.core.v1.Secret(`${id}-env`, {
    metadata: { ...metadata, name: `${id}-env` },
    type: "Opaque",
  });

  const probe = { httpGet: { path: "/v2/health/ready", port: "http" } };
  new k8s.apps.v1.Deployment(id, {
    metadata,
    spec: {
      replicas: 1,
      revisionHistoryLimit: 3,
      progressDeadlineSeconds: 120,
      selector: { matchLabels: selector },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } },
      template: {
        metadata: {
          labels: { ...selector, "app.kubernetes.io/part-of": "modelfleet" },
          annotations: { "modelfleet.dev/secret-checksum": "none" },
        },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          terminationGracePeriodSeconds: 35,
          imagePullSecrets: [{ name: pullSecret.metadata.name }],
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: "kubernetes.io/hostname",
              whenUnsatisfiable: "ScheduleAnyway",
              labelSelector: { matchLabels: selector },
              matchLabelKeys: ["pod-template-hash"],
            },
          ],
          containers: [
            {
              name: "model",
              image,
              env: [
                { name: "HOME", value: "/tmp" },
                { name: "MODEL_NAME", value: id },
                { name: "PORT", value: "8080" },
              ],
              envFrom: [{ secretRef: { name: secret.metadata.name } }],
              ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
              resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "1Gi" } },
              startupProbe: { ...probe, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 120 },
              readinessProbe: { ...probe, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 },
              livenessProbe: {
                tcpSocket: { port: "http" },
                periodSeconds: 10,
                timeoutSeconds: 3,
                failureThreshold: 3,
              },
              lifecycle: { preStop: { sleep: { seconds: 5 } } },
              terminationMessagePolicy: "FallbackToLogsOnError",
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ["ALL"] },
                readOnlyRootFilesystem: true,
              },
              volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
            },
          ],
          volumes: [{ name: "tmp", emptyDir: {} }],
        },
      },
    },
  });

  return new k8s.core.v1.Service(id, {
    metadata,
    spec: {
      type: "ClusterIP",
      selector,
      ports: [{ name: "http", port: 80, targetPort: "http", protocol: "TCP" }],
    },
  });
});

new k8s.networking.v1.Ingress("models", {
  metadata: {
    name: "modelfleet",
    namespace,
    labels: labels("modelfleet"),
    annotations: {
      "nginx.ingress.kubernetes.io/use-regex": "true",
      "nginx.ingress.kubernetes.io/rewrite-target": "/$2",
    },
  },
  spec: {
    ingressClassName: "nginx",
    rules: [
      {
        http: {
          paths: services.map((service, index) => ({
            path: `/models/${models[index]}(/|$)(.*)`,
            pathType: "ImplementationSpecific",
            backend: { service: { name: service.metadata.name, port: { name: "http" } } },
          })),
        },
      },
    ],
  },
});

export const urls = Object.fromEntries(models.map((id) => [id, `/models/${id}`]));
