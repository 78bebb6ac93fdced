using Realtime.Tests;

namespace Realtime.Interop.Tests.Predictions;

/// <summary>
/// A test of the built example rig-configs/clients/csharp against a pyzmq publisher. Where one of them is missing the test is skipped with
/// that reason; under CI=true it runs and fails instead.
/// </summary>
internal sealed class NeedsCSharpClientFactAttribute : FactAttribute
{
    public NeedsCSharpClientFactAttribute()
    {
        Skip = PythonSkip.Reason(["zmq"]);
        var failsInstead = string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);
        if (Skip is null && !failsInstead && !File.Exists(Program))
            Skip = $"needs the example subscriber: dotnet build rig-configs/clients/csharp -c {Configuration}";
    }

    /// <summary>The built example, of the same configuration as the tests.</summary>
    public static string Program =>
        Path.Combine(RepositoryFiles.Root, "rig-configs", "clients", "csharp", "bin", Configuration, "net10.0", "PredictionClient.dll");

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
}
