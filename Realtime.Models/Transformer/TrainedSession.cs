namespace Realtime.Models.Transformer;

/// <summary>What a model keeps of a session it was trained on, beside rows of its tables.</summary>
public sealed record TrainedSession
{
    /// <summary>Its word in the session vocabulary; its units' words begin with it and a slash.</summary>
    public required string Word { get; init; }

    /// <summary>Units, silent ones included.</summary>
    public required int Units { get; init; }

    /// <summary>Mean of each output over its training intervals; 0 where it lacks the output.</summary>
    public required IReadOnlyList<double> OutputMean { get; init; }

    /// <summary>Standard deviation likewise; 1 where it lacks the output.</summary>
    public required IReadOnlyList<double> OutputSd { get; init; }

    /// <summary>Names of outputs that it lacks: their answers were learned from other sessions.</summary>
    public IReadOnlyList<string> Lacks { get; init; } = [];
}
