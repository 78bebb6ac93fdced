namespace Realtime.Models.Possm;

/// <summary>One of the ways POSSM has been run for references.</summary>
/// <param name="Name">For people.</param>
/// <param name="Prefix">Of the references' names.</param>
/// <param name="Weights">The model, of the fitting revision.</param>
/// <param name="Mask">The tokens seen.</param>
internal sealed record VerifyRun(string Name, string Prefix, PossmWeights Weights, PossmMask Mask);
