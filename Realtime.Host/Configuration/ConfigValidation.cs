using System.Globalization;
using Realtime.Engine.Text;
using Realtime.Host.Running;

namespace Realtime.Host.Configuration;

/// <summary>What <c>rtdecode validate FILE</c> does: says all that is wrong with a config, or sums up what it asks for.</summary>
public static class ConfigValidation
{
    /// <summary>Checks the file, and whether the model it names is there and fits it. Reads only; never throws for what a file may hold.</summary>
    /// <returns>True when a run could start from this config.</returns>
    public static bool Run(string path, TextWriter output)
    {
        var result = RigConfigLoader.Load(path);
        var problems = result.Problems.ToList();
        var model = "";
        if (result.Ok && MissingModel(result.Config) is { } missing) problems.Add(new ConfigProblem(path, 0, 0, "model.path", missing));
        else if (result.Ok) problems.AddRange(ModelFit.Check(result.Config, out model).Select(problem => problem with { File = path }));
        foreach (var problem in problems) output.WriteLine(problem);
        if (problems.Count > 0 || result.Config is not { } config)
        {
            output.WriteLine(problems.Count == 1 ? "1 problem." : string.Create(CultureInfo.InvariantCulture,
                $"{problems.Count} problems."));
            return false;
        }

        output.WriteLine($"{path} is a sound rig config.");
        foreach (var source in config.Sources) output.WriteLine($"  source    {Describe(source)}");
        var window = config.Ticks.WindowMs is { } ms ? Text($"{ms} ms") : "the model's";
        var ticks = config.Ticks;
        output.WriteLine(Text($"  ticks     every {ticks.HopMs} ms of data time, window {window}, deadline {ticks.DeadlineMs} ms"));
        output.WriteLine($"  model     {config.ModelPath}: {model}");
        output.WriteLine(Text($"  answers   tcp://{config.Outputs.Predictions.Bind}:{config.Outputs.Predictions.Port}"));
        output.WriteLine($"  runs      {config.RunsFolder}");
        return true;
    }

    private static string Describe(SourceConfig source)
    {
        var heartbeat = source.EffectiveHeartbeatPort is { } port ? Text($"heartbeats on {port}") : "no heartbeats";
        return Text($"{source.Name}: tcp://{source.Host}:{source.DataPort}, {heartbeat}, stream {source.Stream ?? "the first seen"}");
    }

    private static string? MissingModel(RigConfig config)
    {
        var path = config.ModelPath;
        if (File.Exists(path)) return null;
        if (Directory.Exists(path)) return $"{path} is a folder; name the model file in it.";
        var folder = Path.GetDirectoryName(path);
        if (!Directory.Exists(folder)) return $"there is no file {path}, nor its folder. The path is relative to the config file.";
        var names = Directory.EnumerateFiles(folder).Take(1000).Select(file => Path.GetFileName(file)!);
        var nearest = NearestName.Find(Path.GetFileName(path), names);
        return $"there is no file {path}.{(nearest is null ? " `rtdecode train` writes model files." : $" Did you mean '{nearest}'?")}";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
