import { z } from "zod";

export const manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});
/** One Kubernetes object. */
export type Manifest = z.output<typeof manifest>;

const portName = z.looseObject({ port: z.union([z.string(), z.number()]) });
const probe = z.looseObject({ httpGet: portName.extend({ path: z.string() }).optional(), tcpSocket: portName.optional() });
/** Of a workload, what is checked of its pods. */
export const podTemplate = z.looseObject({
  metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
  spec: z.looseObject({
    terminationGracePeriodSeconds: z.number().default(30),
    securityContext: z.looseObject({ runAsNonRoot: z.boolean().optional() }).default({}),
    containers: z.array(
      z.looseObject({
        name: z.string(),
        image: z.string(),
        ports: z.array(z.looseObject({ name: z.string() })).default([]),
        readinessProbe: probe.optional(),
        livenessProbe: probe.optional(),
        startupProbe: probe.optional(),
        resources: z.looseObject({ limits: z.unknown(), requests: z.unknown() }).optional(),
        securityContext: z
          .looseObject({
            allowPrivilegeEscalation: z.boolean().optional(),
            readOnlyRootFilesystem: z.boolean().optional(),
            capabilities: z.looseObject({ drop: z.array(z.string()) }).optional(),
          })
          .default({}),
      }),
    ),
  }),
});
