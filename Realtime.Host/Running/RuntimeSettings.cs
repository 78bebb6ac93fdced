using System.Runtime;

namespace Realtime.Host.Running;

/// <summary>The .NET settings that figures were measured with.</summary>
public static class RuntimeSettings
{
    public static IReadOnlyDictionary<string, string> Read() => new Dictionary<string, string>
    {
        ["gc_latency_mode"] = GCSettings.LatencyMode.ToString(),
        ["gc_server"] = GCSettings.IsServerGC ? "on" : "off",
        ["tiered_compilation"] = AppContext.TryGetSwitch("System.Runtime.TieredCompilation", out var tiered) && !tiered ? "off" : "on",
    };
}
