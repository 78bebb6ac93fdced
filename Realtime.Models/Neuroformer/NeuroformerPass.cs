using Realtime.Models.Differentiation;

namespace Realtime.Models.Neuroformer;

/// <summary>What a forward pass on a tape has left for heads and losses. Valid until the tape begins anew.</summary>
/// <param name="Encoded">[windows × T, C], the id encoder's result.</param>
/// <param name="Last">[windows × T, C], the last block's result.</param>
/// <param name="Pooled">[windows, C], its mean over all T positions, PAD included.</param>
/// <param name="Frames">[windows × frame tokens, C], encoded; null without frames.</param>
/// <param name="Inputs">By group and variable, [windows, C] before places are added; null where absent.</param>
public sealed record NeuroformerPass(Variable Encoded, Variable Last, Variable Pooled, Variable? Frames, IReadOnlyList<IReadOnlyList<Variable?>> Inputs);
