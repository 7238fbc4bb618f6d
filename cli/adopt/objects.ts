import type { ObjectMeta } from "../../fleet/owner";

/** The fields of the objects of others that are read here, as the API server has them. */

export interface DeploymentObject {
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly replicas?: number;
    readonly progressDeadlineSeconds?: number;
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly template: { readonly metadata?: ObjectMeta; readonly spec: PodSpec };
  };
}

/**
 * Of a pod, the fields that are not carried over as they are.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodSpec
 */
export interface PodSpec {
  readonly containers: readonly ContainerObject[];
  readonly initContainers?: readonly ContainerObject[];
  readonly volumes?: readonly VolumeObject[];
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: SecurityContext;
  readonly affinity?: object;
  readonly topologySpreadConstraints?: readonly object[];
  readonly resourceClaims?: readonly { readonly name: string; readonly [field: string]: unknown }[];
  readonly [field: string]: unknown;
}

export interface SecurityContext {
  readonly runAsUser?: number;
  readonly runAsNonRoot?: boolean;
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly procMount?: string;
  readonly capabilities?: { readonly add?: readonly string[] };
  readonly seccompProfile?: { readonly type?: string };
  readonly [field: string]: unknown;
}

export interface MountObject {
  readonly name: string;
  readonly mountPath: string;
  readonly subPath?: string;
  readonly readOnly?: boolean;
  readonly subPathExpr?: string;
  readonly mountPropagation?: string;
  readonly recursiveReadOnly?: string;
}

/** A volume: its name, and a map under the name of its kind. */
export type VolumeObject = { readonly name: string } & Readonly<Record<string, unknown>>;

export interface ContainerObject {
  readonly name: string;
  readonly image?: string;
  readonly imagePullPolicy?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly VariableObject[];
  readonly envFrom?: readonly VariablesObject[];
  readonly ports?: readonly PortObject[];
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
    readonly claims?: readonly { readonly name: string; readonly request?: string }[];
  };
  readonly readinessProbe?: ProbeObject;
  readonly livenessProbe?: ProbeObject;
  readonly startupProbe?: ProbeObject;
  readonly volumeMounts?: readonly MountObject[];
  readonly volumeDevices?: readonly { readonly name: string }[];
  readonly securityContext?: SecurityContext;
  /** `Always` makes an init container one that goes on. */
  readonly restartPolicy?: string;
  readonly [field: string]: unknown;
}

export interface PortObject {
  readonly name?: string;
  readonly containerPort: number;
  readonly hostPort?: number;
}

/** A variable of a container. */
export interface VariableObject {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly secretKeyRef?: KeyReference;
    readonly configMapKeyRef?: KeyReference;
    readonly fieldRef?: { readonly fieldPath?: string };
    readonly resourceFieldRef?: {
      readonly resource?: string;
      readonly divisor?: string;
      readonly containerName?: string;
    };
  };
}

interface KeyReference {
  readonly name?: string;
  readonly key: string;
  readonly optional?: boolean;
}

/** All keys of a Secret or ConfigMap as variables. */
export interface VariablesObject {
  readonly prefix?: string;
  readonly secretRef?: { readonly name?: string; readonly optional?: boolean };
  readonly configMapRef?: { readonly name?: string; readonly optional?: boolean };
}

export interface ProbeObject {
  readonly httpGet?: {
    readonly path?: string;
    readonly port?: number | string;
    readonly scheme?: string;
  };
  readonly tcpSocket?: { readonly port?: number | string };
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly failureThreshold?: number;
  readonly [field: string]: unknown;
}

export interface PodObject {
  readonly metadata: ObjectMeta;
  readonly status?: {
    /** In RFC 3339, as all times. */
    readonly startTime?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly lastTransitionTime?: string;
    }[];
  };
}

export interface ServiceObject {
  readonly metadata: ObjectMeta;
  readonly spec?: {
    readonly type?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly ServicePortObject[];
  };
}

export interface ServicePortObject {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
}

/** An Ingress, with the backends that the check of paths does not need. */
export interface RoutesObject {
  readonly metadata: ObjectMeta;
  readonly spec?: {
    readonly ingressClassName?: string;
    readonly defaultBackend?: object;
    readonly tls?: readonly { readonly hosts?: readonly string[]; readonly secretName?: string }[];
    readonly rules?: readonly RuleObject[];
  };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly object[] } };
}

export interface RuleObject {
  readonly host?: string;
  readonly http?: { readonly paths?: readonly PathObject[] };
}

export interface PathObject {
  readonly path?: string;
  readonly pathType?: string;
  readonly backend?: {
    readonly service?: {
      readonly name?: string;
      readonly port?: { readonly name?: string; readonly number?: number };
    };
  };
}

/** A Secret or a ConfigMap. The values of a Secret are in base64. */
export interface DataObject {
  readonly metadata: ObjectMeta;
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/ */
export interface AutoscalerObject {
  readonly metadata: ObjectMeta & {
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
  };
  readonly spec?: {
    readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string };
    readonly minReplicas?: number;
    readonly maxReplicas?: number;
    readonly metrics?: readonly AutoscalerMetric[];
  };
}

/** By the share of a request that is in use, or by anything else. */
export interface AutoscalerMetric {
  readonly type: string;
  readonly resource?: ResourceMetric;
  readonly containerResource?: ResourceMetric;
}

interface ResourceMetric {
  readonly name?: string;
  readonly target?: { readonly type?: string; readonly averageUtilization?: number };
}
