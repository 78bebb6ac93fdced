namespace Realtime.Models.Verification;

/// <summary>One run of a model against its references.</summary>
/// <param name="Name">What was run, such as "poyo plain" or "possm strict, live".</param>
/// <param name="Stages">In the order of computation; never empty.</param>
public sealed record VerifyCase(string Name, IReadOnlyList<VerifyStage> Stages)
{
    public bool Pass => Stages.All(stage => stage.Pass);
}
