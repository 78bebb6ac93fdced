using System.Text.Json;
using Realtime.Models.Poyo;
using Realtime.Models.Possm;
using Realtime.Models.Tests.Poyo;
using Realtime.Models.Tests.Possm;
using Realtime.Models.Training;
using Realtime.Models.Training.Windows;
using Realtime.Models.Weights;
using Realtime.Tests;

namespace Realtime.Models.Tests.Training.Networks;

/// <summary>The references of one model in Goldens/training: three windows, their gradients, and ten steps of each optimizer.</summary>
internal sealed class TrainingGolden
{
    private const int Outputs = 2;

    private readonly string _folder;
    private readonly bool _isPossm;
    private readonly JsonElement _meta;

    /// <param name="model">poyo_tiny or possm_tiny.</param>
    public TrainingGolden(string model)
    {
        _folder = Path.Combine(RepositoryFiles.Root, "tests", "Realtime.Models.Tests", "Goldens", "training", model);
        _isPossm = model == "possm_tiny";
        using var meta = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder, "meta.json")));
        _meta = meta.RootElement.Clone();
        using var inputs = Read("training_inputs");
        Windows = [.. Enumerable.Range(0, 3).Select(sample => Window(inputs, sample))];
    }

    public IReadOnlyList<TrainingWindow> Windows { get; }

    /// <summary>In the order of the references' lists.</summary>
    public IReadOnlyList<string> ParameterNames => [.. _meta.GetProperty("parameters").EnumerateObject().Select(property => property.Name)];

    public ITrainableNetwork Network() => _isPossm ? new PossmTrainable(new PossmGolden(PossmFolders.Tiny).LateWeights!) : new PoyoTrainable(new PoyoGolden(PoyoFolders.Tiny).Weights);

    /// <summary>gradients, steps_lamb or steps_adamw.</summary>
    public SafetensorsFile Read(string name) => SafetensorsFile.Read(Path.Combine(_folder, name + ".safetensors"));

    private TrainingWindow Window(SafetensorsFile inputs, int sample)
    {
        int[] rows = [.. _meta.GetProperty("samples")[sample].GetProperty("rows").EnumerateArray().Select(row => row.GetInt32())];
        var queries = (int)inputs.Info($"raw.{sample}.query_timestamps").Shape[0];
        var width = (int)inputs.Info("targets").Shape[1];
        return new TrainingWindow
        {
            Length = _isPossm ? 0.25 : 1,
            SessionRow = 1,
            UnitRows = rows,
            SpikeUnits = Array.ConvertAll(inputs.Longs($"raw.{sample}.spike_unit_index"), unit => (int)unit),
            SpikeTimes = inputs.Doubles($"raw.{sample}.spike_timestamps"),

            // POYO's are float32 in upstream, POSSM's double.
            QueryTimes = inputs.Doubles("output_timestamps").AsSpan(sample * width, queries).ToArray(),
            Targets = inputs.Floats("targets").AsSpan(sample * width * Outputs, queries * Outputs).ToArray(),
            QueryWeights = inputs.Floats("query_weights").AsSpan(sample * width, queries).ToArray(),

            // Upstream's chunks, counted from 1.
            QueryChunks = _isPossm ? Array.ConvertAll(inputs.Longs("output_bin_index").AsSpan(sample * width, queries).ToArray(), chunk => (int)chunk - 1) : null,
        };
    }
}
