using System.Globalization;
using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Engine.Text;
using Realtime.Host.Running;
using Realtime.Models;
using Realtime.Models.Transformer;

namespace Realtime.Host.Benchmarks;

/// <summary>Finds the model that a benchmark is about: a published configuration, hyper-parameters in a file, or a model file.</summary>
internal static class BenchmarkModel
{
    public const int DefaultUnits = 96;

    private static readonly string[] TextExtensions = [".json", ".yaml", ".yml"];

    /// <param name="config">The name of a configuration, or a file's path.</param>
    /// <param name="units">Units of a model of random weights; null for the default. A model file has its own.</param>
    /// <exception cref="UserErrorException">There is no such configuration or file.</exception>
    /// <exception cref="ModelFormatException">The file is no model, or no hyper-parameters.</exception>
    public static ModelFile Find(string config, int? units)
    {
        var options = Options(units ?? DefaultUnits);
        if (RandomModels.Named(config, options) is { } named) return ModelFile.Parse(named, config);
        if (!File.Exists(config))
        {
            throw new UserErrorException(
                $"--config: '{config}' is neither a configuration nor a file{NearestName.Hint(config, RandomModels.Names)}. "
                + $"Configurations: {string.Join(", ", RandomModels.Names)}; else a *{ModelFile.Extension}, or hyper-parameters in *.json or *.yaml.", ExitCode.BadInput);
        }

        if (TextExtensions.Contains(Path.GetExtension(config), StringComparer.OrdinalIgnoreCase))
        {
            var (kind, values) = HyperParameterFile.Read(config);
            return ModelFile.Parse(RandomModels.Create(kind, values, options, config), config);
        }

        if (units is not null) throw new UserErrorException($"--units: {config} has units of its own; leave the option out.", ExitCode.Usage);
        return RigRun.ReadModel(config);
    }

    private static RandomModelOptions Options(int units) => new()
    {
        Units = [.. Enumerable.Range(1, units).Select(unit => new UnitId("random", string.Create(CultureInfo.InvariantCulture, $"unit {unit}"), 0))],
        Outputs = [new OutputChannel("velocity_x", "1"), new OutputChannel("velocity_y", "1")],
        Session = "random",
    };
}
