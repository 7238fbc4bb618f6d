"""Deploys models one by one with Kubernetes' official client, as a server around the old script did.

It reads finished manifests, so that every contender creates the same objects. Like the old script, it creates the
objects of one model after another, writes the Ingress with the whole list again after each model, and waits for
nothing before the end.
"""

import json
import sys
import time

from kubernetes import client, config

POLL_SECONDS = 0.5


def main(path):
    with open(path, encoding="utf-8") as file:
        fleet = json.load(file)
    config.load_kube_config()
    namespace = fleet["namespace"]
    if fleet["first"]:
        create_shared(fleet)
    paths = fleet["known_paths"]
    for model in fleet["deploy"]:
        deploy(namespace, model)
        paths.append(model["path"])
        update_ingress(namespace, fleet["ingress"], paths)
    await_ready(namespace, len(paths))


def create_shared(fleet):
    core = client.CoreV1Api()
    core.create_namespace(fleet["namespace_object"])
    for secret in fleet["pull_secrets"]:
        core.create_namespaced_secret(fleet["namespace"], secret)


def deploy(namespace, model):
    core = client.CoreV1Api()
    core.create_namespaced_secret(namespace, model["secret"])
    client.AppsV1Api().create_namespaced_deployment(namespace, model["deployment"])
    core.create_namespaced_service(namespace, model["service"])


def update_ingress(namespace, ingress, paths):
    networking = client.NetworkingV1Api()
    ingress["spec"]["rules"][0]["http"]["paths"] = paths
    name = ingress["metadata"]["name"]
    if len(paths) == 1:
        networking.create_namespaced_ingress(namespace, ingress)
    else:
        networking.patch_namespaced_ingress(name, namespace, ingress)


def await_ready(namespace, count):
    apps = client.AppsV1Api()
    while True:
        deployments = apps.list_namespaced_deployment(namespace).items
        if sum(1 for deployment in deployments if deployment.status.available_replicas) >= count:
            return
        time.sleep(POLL_SECONDS)


main(sys.argv[1])
