using Realtime.Models.Kernels;

namespace Realtime.Models.Differentiation;

/// <summary>
/// Reverse-mode differentiation: each call computes a result at once and remembers how its gradient flows back; <see cref="Backward"/> runs the
/// calls in reverse and adds to the gradients of parameters. The same calls give the same bits. One thread; several tapes may share
/// parameters between steps. Memory is kept from step to step.
/// </summary>
public sealed partial class Tape
{
    /// <param name="parameters">Values, packed for products; refreshed by their owner after each step.</param>
    /// <param name="gradients">Where gradients of parameters are added.</param>
    public Tape(PackedParameters parameters, GradientSet gradients) => throw new NotImplementedException();

    /// <summary>Forgets all results.</summary>
    /// <param name="isTraining">Whether dropout drops.</param>
    /// <param name="seed">Of dropout: the same seed and calls drop the same numbers, on every machine and kernel set.</param>
    public void Begin(bool isTraining, ulong seed) => throw new NotImplementedException();

    /// <summary>Numbers that do not learn; the caller fills <see cref="Variable.Value"/>.</summary>
    public Variable Constant(int rows, int width) => throw new NotImplementedException();

    /// <summary>Rows of a table, in any order and any number of times. Row 0 of a <see cref="ParameterKind.RowTable"/> gets no gradient.</summary>
    public Variable Rows(Parameter table, ReadOnlySpan<int> rows) => throw new NotImplementedException();

    /// <summary>Rows of a result, in any order and any number of times.</summary>
    public Variable Rows(Variable x, ReadOnlySpan<int> rows) => throw new NotImplementedException();

    /// <summary>a + b, of equal shape.</summary>
    public Variable Add(Variable a, Variable b) => throw new NotImplementedException();

    /// <summary>x Wᵀ + bias; the weight is [outputs, inputs].</summary>
    public Variable Linear(Variable x, Parameter weight, Parameter? bias) => throw new NotImplementedException();

    /// <summary>Layer normalisation over each row, eps 1e-5.</summary>
    public Variable LayerNorm(Variable x, Parameter gain, Parameter bias) => throw new NotImplementedException();

    /// <summary>[rows, 2 half] to [rows, half]: the first half times gelu of the second, exact erf.</summary>
    public Variable Geglu(Variable x) => throw new NotImplementedException();

    /// <summary>Zeroes a share of the numbers and multiplies the rest by 1 / (1 - rate); x itself when not training or at rate 0.</summary>
    public Variable Dropout(Variable x, double rate) => throw new NotImplementedException();

    /// <summary>Rotates heads in place: neither value nor gradient of the former x may be read afterwards.</summary>
    /// <param name="x">[rows, ...].</param>
    /// <param name="firstColumn">Where the heads begin in a row.</param>
    /// <param name="heads">Heads, one after the other.</param>
    /// <param name="headDim">Width of a head.</param>
    /// <param name="table">Cosines and sines.</param>
    /// <param name="tableRows">Row of the table for each row of x.</param>
    /// <param name="back">By the negative angle.</param>
    public void Rotate(Variable x, int firstColumn, int heads, int headDim, RotaryTable table, ReadOnlySpan<int> tableRows, bool back = false) => throw new NotImplementedException();

    /// <summary>Multi-head attention, per segment and head softmax(q kᵀ / √headDim) v, with dropout on the weights.</summary>
    /// <param name="q">[rows, heads × headDim].</param>
    /// <param name="keys">Keys from column <paramref name="keyColumn"/> on.</param>
    /// <param name="keyColumn">First column of the keys.</param>
    /// <param name="values">Values from column <paramref name="valueColumn"/> on; may be the same variable.</param>
    /// <param name="valueColumn">First column of the values.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="headDim">Width of a head.</param>
    /// <param name="segments">Who sees what.</param>
    /// <param name="outputRows">Rows of the result; those of no segment are 0.</param>
    /// <param name="dropout">Share of the weights that are dropped in training.</param>
    /// <param name="queryColumn">First column of the queries.</param>
    public Variable Attend(
        Variable q, int queryColumn, Variable keys, int keyColumn, Variable values, int valueColumn, int heads, int headDim,
        ReadOnlySpan<AttentionSegment> segments, int outputRows, double dropout) => throw new NotImplementedException();

    /// <summary>One layer of a GRU from state 0, gates in PyTorch's order r, z, n.</summary>
    /// <param name="x">[steps × sequences, inputs], all sequences' first steps first.</param>
    /// <param name="layer">Its four parameters.</param>
    /// <param name="sequences">Rows of one step.</param>
    /// <returns>[steps × sequences, width], the state after each step.</returns>
    public Variable Gru(Variable x, GruParameters layer, int sequences) => throw new NotImplementedException();

    /// <summary>Ends the forward pass: the sum over rows of weight × mean over known outputs of the error, times <paramref name="scale"/>.</summary>
    /// <param name="prediction">[rows, outputs].</param>
    /// <param name="targets">[rows, outputs]; NaN where unknown. A row with none known counts nothing.</param>
    /// <param name="weights">[rows].</param>
    /// <param name="loss">What an error costs.</param>
    /// <param name="scale">One over the weights' sum over the whole batch, so that parts of a batch add up.</param>
    /// <returns>The loss's share of this part.</returns>
    public double Loss(Variable prediction, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, LossKind loss, double scale) => throw new NotImplementedException();

    /// <summary>Runs the calls in reverse and adds to the gradients.</summary>
    public void Backward() => throw new NotImplementedException();
}
