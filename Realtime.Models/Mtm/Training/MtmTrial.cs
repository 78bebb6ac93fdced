namespace Realtime.Models.Mtm.Training;

/// <summary>One trial as the network is shown it under one masking. Immutable.</summary>
public sealed record MtmTrial
{
    /// <summary>Place of the recording among those of the network.</summary>
    public required int Session { get; init; }

    /// <summary>What is asked; <see cref="MtmPrompt.Causal"/> hides later bins as well. A model without prompts only hides.</summary>
    public required MtmPrompt Prompt { get; init; }

    public required int Bins { get; init; }

    /// <summary>What the network sees of the counts, [Bins, neurons], hidden ones replaced.</summary>
    public required float[] Input { get; init; }

    /// <summary>Counts as they were, [Bins, neurons].</summary>
    public required float[] Counts { get; init; }

    /// <summary>1 where the loss looks, 0 elsewhere, [Bins, neurons].</summary>
    public required float[] Scored { get; init; }

    /// <summary>Entries that the loss looks at.</summary>
    public double ScoredCount
    {
        get
        {
            double sum = 0;
            foreach (var scored in Scored) sum += scored;
            return sum;
        }
    }
}
