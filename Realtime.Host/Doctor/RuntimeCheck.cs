using System.Diagnostics;
using System.Runtime;
using System.Runtime.InteropServices;

namespace Realtime.Host.Doctor;

/// <summary>Whether .NET runs as this program is meant to run.</summary>
internal static class RuntimeCheck
{
    public static CheckResult Run() =>
        Judge(TieredCompilation(), GCSettings.IsServerGC, GCSettings.LatencyMode, Environment.Is64BitProcess, Debugger.IsAttached);

    internal static CheckResult Judge(bool tiered, bool serverGc, GCLatencyMode latency, bool is64Bit, bool debugger)
    {
        var seen = $"{RuntimeInformation.FrameworkDescription}, tiered compilation {(tiered ? "on" : "off")}, "
            + $"{(serverGc ? "server" : "workstation")} collector "
                + $"({latency}){(is64Bit ? "" : ", 32 bit")}{(debugger ? ", debugger attached" : "")}";
        if (!is64Bit) return new("dotnet", CheckLevel.Fail, seen, "Use the 64-bit build: rings and models do not fit into 32 bits.");
        if (debugger) return new("dotnet", CheckLevel.Warn, seen, "A debugger slows everything down; run without it.");
        if (tiered)
            return new("dotnet", CheckLevel.Warn, seen,
                "Code is compiled again while it runs; unset DOTNET_TieredCompilation and keep rtdecode.runtimeconfig.json as shipped.");
        return serverGc
            ? new("dotnet", CheckLevel.Warn, seen, "The server collector takes a thread on every core; unset DOTNET_gcServer.")
            : new("dotnet", CheckLevel.Ok, seen);
    }

    /// <summary>The environment goes before the program's own settings; on is the runtime's default.</summary>
    internal static bool Tiered(string? environment, string? setting)
    {
        if (environment is "0" or "1") return environment == "1";
        return !string.Equals(setting, "false", StringComparison.OrdinalIgnoreCase);
    }

    private static bool TieredCompilation() =>
        Tiered(Environment.GetEnvironmentVariable("DOTNET_TieredCompilation"),
            AppContext.GetData("System.Runtime.TieredCompilation")?.ToString());
}
