using Realtime.Host.Configuration;
using Realtime.Host.Running;

namespace Realtime.Host.Doctor;

/// <summary>Whether the config is sound; the other checks then look at what it asks for.</summary>
internal static class ConfigCheck
{
    /// <summary>The config, or one of defaults when none was given or it is not sound.</summary>
    public static RigConfig Run(string? path, List<CheckResult> checks)
    {
        if (path is null) return Defaults;
        var output = new StringWriter();
        var sound = ConfigValidation.Run(path, output);
        checks.Add(Judge(path, sound, output.ToString()));
        var config = RigConfigLoader.Load(path).Config ?? Defaults;
        if (sound && ModelFit.Caution(config) is { } caution) checks.Add(new CheckResult("model", CheckLevel.Warn, caution, "Put a model that was found fit for live use under model.path."));
        return config;
    }

    internal static CheckResult Judge(string path, bool sound, string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return sound
            ? new CheckResult("config", CheckLevel.Ok, lines[0])
            : new CheckResult("config", CheckLevel.Fail, $"{lines[^1]} {lines[0]}", $"`rtdecode validate {path}` lists all problems.");
    }

    private static RigConfig Defaults => new() { Sources = [new SourceConfig { Name = "source" }] };
}
