using Guerdon.Gateway;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Guerdon.Host.Running;

/// <summary>
/// Metrics and traces over OTLP, where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to; the exporter's other standard
/// variables apply too. No prompt, key or answer is in them.
/// </summary>
internal sealed class Telemetry : IHostedService
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private MeterProvider? _meters;
    private TracerProvider? _traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Endpoint))) return Task.CompletedTask;

        var resource = ResourceBuilder.CreateDefault().AddService("guerdon");
        _meters = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
            .AddMeter(GatewayModule.Telemetry, "Npgsql", "System.Runtime", "Microsoft.AspNetCore.Hosting",
                "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http")
            .AddOtlpExporter().Build();
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource)
            .AddSource(GatewayModule.Telemetry, "Npgsql", "Microsoft.AspNetCore", "System.Net.Http")
            .AddOtlpExporter().Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _meters?.Dispose();
        _traces?.Dispose();
        return Task.CompletedTask;
    }
}
