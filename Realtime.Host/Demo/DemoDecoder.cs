using Realtime.Models;
using Realtime.Models.Training;

namespace Realtime.Host.Demo;

/// <summary>What a demo decodes with.</summary>
/// <param name="Path">The model's file, in the demo's folder.</param>
/// <param name="File">What lies there.</param>
internal sealed record DemoDecoder(string Path, ModelFile File)
{
    /// <summary>A linear decoder fitted to the same data, which the report compares with; null for none.</summary>
    public TrainedModel? Baseline { get; init; }

    /// <summary>Sentences for the report.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
