"""Deploys models as a home-made script does, with Kubernetes' official client.

Per model a Deployment `<id>-deployment`, what scales it, and a Service `<id>-cluster-ip`, a Secret for the registry, and one Ingress with
a path per model, and a former path of the first one. Its argument is a JSON object: see `adopt.test.ts`.
"""

import base64
import json
import sys

from kubernetes import client, config


def main(fleet):
    config.load_kube_config()
    namespace = fleet["namespace"]
    core = client.CoreV1Api()
    core.create_namespace(client.V1Namespace(metadata=client.V1ObjectMeta(name=namespace)))
    create_registry_secret(core, namespace, fleet["registry"])
    core.create_namespaced_secret(
        namespace,
        client.V1Secret(metadata=client.V1ObjectMeta(name="keys"), string_data=fleet["keys"]),
    )
    for model_id in fleet["models"]:
        deploy(namespace, fleet["image"], model_id, list(fleet["keys"]), fleet["pods"].get(model_id, {}))
    update_ingress(namespace, fleet["prefix"], fleet["models"])


def create_registry_secret(core, namespace, registry):
    login = {"auths": {registry["server"]: {"auth": encoded(f"{registry['username']}:{registry['password']}")}}}
    core.create_namespaced_secret(
        namespace,
        client.V1Secret(
            metadata=client.V1ObjectMeta(name="registry-secret"),
            type="kubernetes.io/dockerconfigjson",
            data={".dockerconfigjson": encoded(json.dumps(login))},
        ),
    )


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def deploy(namespace, image, model_id, keys, pod):
    labels = {"app": model_id}
    container = client.V1Container(
        name="server",
        image=image,
        env=[client.V1EnvVar(name="MODEL_NAME", value=model_id), client.V1EnvVar(name="PORT", value="9000")]
        + [
            client.V1EnvVar(
                name=key,
                value_from=client.V1EnvVarSource(secret_key_ref=client.V1SecretKeySelector(name="keys", key=key)),
            )
            for key in keys
        ],
        ports=[client.V1ContainerPort(container_port=9000)],
        resources=client.V1ResourceRequirements(requests={"cpu": "20m", "memory": "64Mi"}, limits={"memory": "256Mi"}),
        readiness_probe=client.V1Probe(
            http_get=client.V1HTTPGetAction(path="/v2/health/ready", port=9000), period_seconds=1
        ),
    )
    spec = client.V1DeploymentSpec(
        replicas=1,
        selector=client.V1LabelSelector(match_labels=labels),
        template=client.V1PodTemplateSpec(
            metadata=client.V1ObjectMeta(labels=labels),
            spec={
                "imagePullSecrets": [{"name": "registry-secret"}],
                "securityContext": {"runAsUser": 1000},
                **pod,
                "containers": [*pod.get("containers", []), container],
            },
        ),
    )
    client.AppsV1Api().create_namespaced_deployment(
        namespace, client.V1Deployment(metadata=client.V1ObjectMeta(name=f"{model_id}-deployment"), spec=spec)
    )
    client.AutoscalingV2Api().create_namespaced_horizontal_pod_autoscaler(
        namespace,
        client.V2HorizontalPodAutoscaler(
            metadata=client.V1ObjectMeta(name=model_id),
            spec=client.V2HorizontalPodAutoscalerSpec(
                scale_target_ref=client.V2CrossVersionObjectReference(
                    api_version="apps/v1", kind="Deployment", name=f"{model_id}-deployment"
                ),
                max_replicas=3,
            ),
        ),
    )
    client.CoreV1Api().create_namespaced_service(
        namespace,
        client.V1Service(
            metadata=client.V1ObjectMeta(name=f"{model_id}-cluster-ip"),
            spec=client.V1ServiceSpec(selector=labels, ports=[client.V1ServicePort(port=80, target_port=9000)]),
        ),
    )


def update_ingress(namespace, prefix, models):
    client.CustomObjectsApi().create_namespaced_custom_object(
        "traefik.io",
        "v1alpha1",
        namespace,
        "middlewares",
        {
            "apiVersion": "traefik.io/v1alpha1",
            "kind": "Middleware",
            "metadata": {"name": "strip"},
            "spec": {"stripPrefixRegex": {"regex": [f"^{prefix}/[^/]+"]}},
        },
    )
    paths = [path(f"{prefix}/{model_id}", f"{model_id}-cluster-ip") for model_id in models]
    paths.append(path(f"{prefix}/former-{models[0]}", f"{models[0]}-cluster-ip"))
    client.NetworkingV1Api().create_namespaced_ingress(
        namespace,
        client.V1Ingress(
            metadata=client.V1ObjectMeta(
                name="ingress",
                annotations={"traefik.ingress.kubernetes.io/router.middlewares": f"{namespace}-strip@kubernetescrd"},
            ),
            spec=client.V1IngressSpec(
                ingress_class_name="traefik",
                rules=[
                    client.V1IngressRule(
                        http=client.V1HTTPIngressRuleValue(paths=[*paths, path(f"{prefix}-of-others", "others")])
                    )
                ],
            ),
        ),
    )


def path(text, service):
    return client.V1HTTPIngressPath(
        path=text,
        path_type="Prefix",
        backend=client.V1IngressBackend(
            service=client.V1IngressServiceBackend(name=service, port=client.V1ServiceBackendPort(number=80))
        ),
    )


main(json.loads(sys.argv[1]))
