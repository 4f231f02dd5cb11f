/** One request's span. `run` makes it the parent of whatever the work begins, jobs included. */
export interface RequestSpan {
  /** 32 hex digits. */
  readonly traceId: string;
  run<T>(work: () => T): T;
  end(answered: { readonly name: string; readonly status: number }): void;
}
export interface Tracing {
  /** Continues the caller's trace when its headers name one (W3C `traceparent`), else begins one. */
  startRequest(name: string, headers: Readonly<Record<string, string | string[] | undefined>>): RequestSpan;
  /** Sends what is left. */
  close(): Promise<void>;
}
/** `endpoint` as in OTEL_EXPORTER_OTLP_ENDPOINT: spans go to `<endpoint>/v1/traces`. */
export type TracingConfig = { readonly endpoint: string | undefined };

/**
 * Traces to an OpenTelemetry collector; undefined without an endpoint, and then nothing of OpenTelemetry is even loaded. There is one tracer a
 * process: OpenTelemetry keeps it globally, so that libraries such as bullmq-otel find it.
 * Source: https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export async function openTracing(service: string, { endpoint }: TracingConfig): Promise<Tracing | undefined> {
  if (endpoint === undefined) return undefined;
  const [api, sdk, resources, exporters] = await Promise.all([
    import("@opentelemetry/api"),
    import("@opentelemetry/sdk-trace-node"),
    import("@opentelemetry/resources"),
    import("@opentelemetry/exporter-trace-otlp-http"),
  ]);
  const exporter = new exporters.OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, "")}/v1/traces`, timeoutMillis: 5_000 });
  const provider = new sdk.NodeTracerProvider({
    resource: resources.resourceFromAttributes({ "service.name": `flow-rag-${service}`, "service.namespace": "flow-rag" }),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter, { scheduledDelayMillis: 1_000 })],
  });
  provider.register();
  const tracer = api.trace.getTracer("flow-rag");
  return {
    startRequest(name, headers) {
      const caller = api.propagation.extract(api.ROOT_CONTEXT, headers);
      const span = tracer.startSpan(name, { kind: api.SpanKind.SERVER }, caller);
      const own = api.trace.setSpan(caller, span);
      return {
        traceId: span.spanContext().traceId,
        run: (work) => api.context.with(own, work),
        end({ name: route, status }) {
          span.updateName(route);
          span.setAttribute("http.response.status_code", status);
          if (status >= 500) span.setStatus({ code: api.SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    async close() {
      await provider.shutdown().catch(() => undefined); // a collector that is away must not spoil a clean stop
      api.trace.disable();
      api.context.disable();
      api.propagation.disable();
    },
  };
}
