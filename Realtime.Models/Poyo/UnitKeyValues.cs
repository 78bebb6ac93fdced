using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Poyo;

/// <summary>
/// Encoder keys and values of the tokens before rotation, which depend on unit and token type only: one row [keys, values] of 2 × inner per unit.
/// </summary>
internal static class UnitKeyValues
{
    /// <param name="attention">The encoder's attention.</param>
    /// <param name="units">Unit table [vocabulary, dim].</param>
    /// <param name="rows">Row of the unit table for each unit.</param>
    /// <param name="tokenTypes">Token types [4, dim].</param>
    /// <param name="type">Token type.</param>
    /// <param name="dim">Model width.</param>
    /// <param name="kernels">Arithmetic.</param>
    /// <returns>[rows, 2 × inner].</returns>
    public static float[] Table(CrossAttentionWeights attention, float[] units, IReadOnlyList<int> rows, float[] tokenTypes, int type, int dim, KernelSet kernels)
    {
        var width = 2 * attention.Inner;
        var tokens = new float[rows.Count * dim];
        for (var row = 0; row < rows.Count; row++)
            for (var i = 0; i < dim; i++) tokens[row * dim + i] = units[rows[row] * dim + i] + tokenTypes[type * dim + i];
        kernels.LayerNorm(tokens, rows.Count, dim, attention.ContextNorm.Gain, attention.ContextNorm.Bias, tokens);
        var table = new float[rows.Count * width];
        kernels.Multiply(tokens, dim, rows.Count, kernels.Pack(attention.ToKeyValue, width, dim, default), table, width);
        return table;
    }
}
