"""Deploys models one by one with Kubernetes' official client, as a server around the old script did.

It reads finished manifests, so that every contender creates the same objects. Like the old script, it creates the
objects of one model after another and writes the Ingress with the whole list again after each model. It waits for
nothing: the benchmark sees by itself when all models are ready.
"""

import json
import sys

from kubernetes import client, config


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


main(sys.argv[1])
