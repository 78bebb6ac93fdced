namespace Realtime.Models.Neuroformer.Training;

/// <summary>A window with what it teaches.</summary>
public sealed record NeuroformerSample
{
    public required NeuroformerWindow Window { get; init; }

    /// <summary>The next id token of each position, [T]; -1 behind EOS.</summary>
    public required int[] Ids { get; init; }

    /// <summary>The next dt token of each position, [T]; -1 behind EOS.</summary>
    public required int[] Times { get; init; }

    /// <summary>Normalised values, or class numbers, of the targets in the configuration's order; NaN where unknown.</summary>
    public required float[] Labels { get; init; }

    /// <summary>What a label weighs, such as 0 where the filter leaves the moment out.</summary>
    public float LabelWeight { get; init; } = 1;

    /// <summary>Windows of the batch over its tokens that are no PAD: what turns a sum over tokens into a mean over the batch.</summary>
    public double TokenShare { get; init; }

    /// <summary>Windows of the batch over its windows that have a label.</summary>
    public double LabelShare { get; init; }

    /// <summary>Whether any label is known and counts.</summary>
    public bool HasLabel => LabelWeight > 0 && Array.Exists(Labels, label => !float.IsNaN(label));

    /// <summary>Tokens to predict, EOS among them.</summary>
    public int Tokens => Ids.Count(id => id >= 0);

    /// <summary>Sets the shares of a batch's windows.</summary>
    public static IReadOnlyList<NeuroformerSample> Batch(IReadOnlyList<NeuroformerSample> samples)
    {
        var tokens = samples.Sum(sample => (double)sample.Tokens);
        var labels = samples.Sum(sample => sample.HasLabel ? sample.LabelWeight : 0.0);
        return [.. samples.Select(sample => sample with { TokenShare = samples.Count / tokens, LabelShare = labels > 0 ? samples.Count / labels : 0 })];
    }
}
