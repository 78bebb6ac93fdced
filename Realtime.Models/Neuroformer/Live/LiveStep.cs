using Realtime.Models.Kernels;

namespace Realtime.Models.Neuroformer.Live;

/// <summary>One block of the way from embedded tokens to the last layer, with the keys and values that it attends.</summary>
/// <param name="Block">Weights.</param>
/// <param name="Cache">Of the rows themselves where the scope is causal; else of the past, the frames or the inputs.</param>
/// <param name="Scope">What a row sees.</param>
internal sealed record LiveStep(LiveBlock Block, KeyValueCache Cache, KeyScope Scope)
{
    /// <summary>What a row is multiplied with first: keys and values of the past, the frames and the inputs are made elsewhere.</summary>
    public PackedMatrix FirstMatrix => Scope.IsCausal ? Block.Key : Block.Query;
}
