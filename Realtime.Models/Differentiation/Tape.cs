using Realtime.Engine.Numerics;
using Realtime.Models.Differentiation.Operations;
using Realtime.Models.Kernels;

namespace Realtime.Models.Differentiation;

/// <summary>
/// Reverse-mode differentiation: each call computes a result at once and remembers how its gradient flows back; <see cref="Backward"/> runs the
/// calls in reverse and adds to the gradients of parameters. The same calls give the same bits. One thread; several tapes may share
/// parameters between steps. Memory is kept from step to step.
/// </summary>
public sealed unsafe class Tape
{
    private readonly TapeMemory _memory = new();
    private readonly List<Variable> _variables = [];
    private readonly List<Operation> _operations = [];
    private readonly GradientSet _gradients;
    private AlignedFloats _scratch = new(0);
    private int _variablesUsed;
    private ulong _seed;
    private ulong _draws;
    private bool _isBack;

    /// <param name="parameters">Values, packed for products; refreshed by their owner after each step.</param>
    /// <param name="gradients">Where gradients of parameters are added.</param>
    /// <exception cref="ArgumentException">The gradients are of other parameters.</exception>
    public Tape(PackedParameters parameters, GradientSet gradients)
    {
        if (gradients.Parameters != parameters.Parameters) throw new ArgumentException("The gradients are of other parameters.", nameof(gradients));
        Packed = parameters;
        _gradients = gradients;
    }

    internal PackedParameters Packed { get; }

    internal KernelSet Kernels => Packed.Kernels;

    internal bool IsTraining { get; private set; }

    /// <summary>Forgets all results.</summary>
    /// <param name="isTraining">Whether dropout drops.</param>
    /// <param name="seed">Of dropout: the same seed and calls drop the same numbers, on every machine and kernel set.</param>
    public void Begin(bool isTraining, ulong seed)
    {
        _memory.TakeBack();
        _operations.Clear();
        (_variablesUsed, _draws, _isBack) = (0, 0, false);
        (IsTraining, _seed) = (isTraining, seed);
    }

    /// <summary>Numbers that do not learn; the caller fills <see cref="Variable.Value"/>.</summary>
    public Variable Constant(int rows, int width) => New(rows, width, needsGradient: false);

    /// <summary>Rows of a table, in any order and any number of times. Row 0 of a <see cref="ParameterKind.RowTable"/> gets no gradient.</summary>
    public Variable Rows(Parameter table, ReadOnlySpan<int> rows) => TableRowsOperation.Run(this, table, rows);

    /// <summary>Rows of a result, in any order and any number of times.</summary>
    public Variable Rows(Variable x, ReadOnlySpan<int> rows) => RowsOperation.Run(this, x, rows);

    /// <summary>The same numbers in rows of another width.</summary>
    public Variable Reshape(Variable x, int rows, int width) => ReshapeOperation.Run(this, x, rows, width);

    /// <summary>a + b, of equal shape.</summary>
    public Variable Add(Variable a, Variable b) => AddOperation.Run(this, a, b);

    /// <summary>x Wᵀ + bias; the weight is [outputs, inputs].</summary>
    public Variable Linear(Variable x, Parameter weight, Parameter? bias) => LinearOperation.Run(this, x, weight, bias);

    /// <summary>Layer normalisation over each row, eps 1e-5.</summary>
    public Variable LayerNorm(Variable x, Parameter gain, Parameter bias) => LayerNormOperation.Run(this, x, gain, bias);

    /// <summary>[rows, 2 half] to [rows, half]: the first half times gelu of the second, exact erf.</summary>
    public Variable Geglu(Variable x) => GegluOperation.Run(this, x);

    /// <summary>gelu of each number, exact erf.</summary>
    public Variable Gelu(Variable x) => ActivationOperation.Run(this, x, Activation.Gelu);

    /// <summary>scale × x / (1 + |x|).</summary>
    public Variable Softsign(Variable x, double scale) => ActivationOperation.Run(this, x, Activation.Softsign, scale);

    /// <summary>max(x, 0); the slope at 0 is 0.</summary>
    public Variable Relu(Variable x) => ActivationOperation.Run(this, x, Activation.Relu);

    /// <summary>Means over groups of rows that lie one after the other: [rows / groupRows, width].</summary>
    public Variable MeanRows(Variable x, int groupRows) => MeanRowsOperation.Run(this, x, groupRows);

    /// <summary>Rows picked from several variables of one width, in any order and any number of times.</summary>
    /// <param name="parts">At least one.</param>
    /// <param name="from">For each row of the result, which part.</param>
    /// <param name="rows">And which of its rows.</param>
    public Variable Gather(IReadOnlyList<Variable> parts, ReadOnlySpan<int> from, ReadOnlySpan<int> rows) => GatherOperation.Run(this, parts, from, rows);

    /// <summary>Zeroes a share of the numbers and multiplies the rest by 1 / (1 - rate); x itself when not training or at rate 0.</summary>
    public Variable Dropout(Variable x, double rate) => DropoutOperation.Run(this, x, rate);

    /// <summary>Rotates heads in place: neither value nor gradient of the former x may be read afterwards.</summary>
    /// <param name="x">[rows, ...].</param>
    /// <param name="firstColumn">Where the heads begin in a row.</param>
    /// <param name="heads">Heads, one after the other.</param>
    /// <param name="headDim">Width of a head.</param>
    /// <param name="table">Cosines and sines.</param>
    /// <param name="tableRows">Row of the table for each row of x.</param>
    /// <param name="back">By the negative angle.</param>
    public void Rotate(Variable x, int firstColumn, int heads, int headDim, RotaryTable table, ReadOnlySpan<int> tableRows, bool back = false) =>
        RotateOperation.Run(this, x, firstColumn, heads, headDim, table, tableRows, back);

    /// <summary>Rotates heads in place, channel k of each with channel k + width/2: neither value nor gradient of the former x may be read afterwards.</summary>
    /// <param name="x">[rows, heads × the table's width].</param>
    /// <param name="heads">Heads, one after the other.</param>
    /// <param name="table">Cosines and sines of all pairs.</param>
    /// <param name="tableRows">Row of the table for each row of x.</param>
    public void RotateHalves(Variable x, int heads, RotaryTable table, ReadOnlySpan<int> tableRows) => RotateHalvesOperation.Run(this, x, heads, table, tableRows);

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
    /// <param name="masks">Tables [queries, keys] that segments may name, added to the scaled scores of every head; only 0 and -∞ are meant. A query that sees no key gets 0.</param>
    public Variable Attend(
        Variable q, int queryColumn, Variable keys, int keyColumn, Variable values, int valueColumn, int heads, int headDim,
        ReadOnlySpan<AttentionSegment> segments, int outputRows, double dropout, ReadOnlySpan<float> masks = default) =>
        AttendOperation.Run(this, q, queryColumn, keys, keyColumn, values, valueColumn, heads, headDim, segments, outputRows, dropout, masks);

    /// <summary>One layer of a GRU from state 0, gates in PyTorch's order r, z, n.</summary>
    /// <param name="x">[steps × sequences, inputs], all sequences' first steps first.</param>
    /// <param name="layer">Its four parameters.</param>
    /// <param name="sequences">Rows of one step.</param>
    /// <returns>[steps × sequences, width], the state after each step.</returns>
    public Variable Gru(Variable x, GruParameters layer, int sequences) => GruOperation.Run(this, x, layer, sequences);

    /// <summary>Ends the forward pass: the sum over rows of weight × mean over known outputs of the error, times <paramref name="scale"/>.</summary>
    /// <param name="prediction">[rows, outputs].</param>
    /// <param name="targets">[rows, outputs]; NaN where unknown. A row with none known counts nothing.</param>
    /// <param name="weights">[rows].</param>
    /// <param name="loss">What an error costs.</param>
    /// <param name="scale">One over the weights' sum over the whole batch, so that parts of a batch add up.</param>
    /// <returns>The loss's share of this part.</returns>
    public double Loss(Variable prediction, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, LossKind loss, double scale) =>
        WeightedLoss.Run(prediction, targets, weights, loss, scale);

    /// <summary>A loss: cross-entropy of classes, Σ over rows of weight × (log Σ exp(logits) - logit of the class) × scale. Several losses of one pass add up.</summary>
    /// <param name="logits">[rows, classes].</param>
    /// <param name="classes">[rows]; a negative one makes its row count nothing.</param>
    /// <param name="weights">[rows], or empty for 1.</param>
    /// <param name="scale">Of this loss, and one over the whole batch's count, so that parts of a batch add up.</param>
    /// <returns>The loss's share of this part.</returns>
    public double CrossEntropyLoss(Variable logits, ReadOnlySpan<int> classes, ReadOnlySpan<float> weights, double scale) =>
        CrossEntropy.Run(logits, classes, weights, scale);

    /// <summary>A loss: Poisson negative log-likelihood without the factorial, Σ of mask × (exp(z) - count × z) × scale. Several losses of one pass add up.</summary>
    /// <param name="logRates">z, [rows, neurons].</param>
    /// <param name="counts">[rows, neurons].</param>
    /// <param name="mask">[rows, neurons], 1 where scored, 0 elsewhere.</param>
    /// <param name="scale">Of this loss.</param>
    public double PoissonLoss(Variable logRates, ReadOnlySpan<float> counts, ReadOnlySpan<float> mask, double scale) =>
        PoissonNegativeLogLikelihood.Run(logRates, counts, mask, scale);

    /// <summary>A loss: over rows i, log Σ_k exp(s_ik) - s_ii with s = cosine(a_i, b_k) / temperature, mean over rows × scale. Several losses of one pass add up.
    /// Rows of a count, not columns. A row of zeros has cosine 0 with all and gets no gradient.</summary>
    /// <param name="a">[rows, width].</param>
    /// <param name="b">[rows, width]; may be a itself.</param>
    /// <param name="temperature">Above 0.</param>
    /// <param name="scale">Of this loss.</param>
    public double ContrastiveLoss(Variable a, Variable b, double temperature, double scale) => Contrastive.Run(a, b, temperature, scale);

    /// <summary>Runs the calls in reverse and adds to the gradients.</summary>
    public void Backward()
    {
        if (_isBack) throw new InvalidOperationException("The tape has run back; begin anew.");
        _isBack = true;
        for (var i = _operations.Count - 1; i >= 0; i--)
        {
            if (_operations[i].Result.Flow is not null) _operations[i].Backward(this);
        }

        // What no gradient has reached holds what was there before.
        for (var i = 0; i < _variablesUsed; i++)
        {
            if (_variables[i].Flow is null) _variables[i].Gradient.Clear();
        }
    }

    internal Variable New(int rows, int width, bool needsGradient)
    {
        if (_variablesUsed == _variables.Count) _variables.Add(new Variable());
        var variable = _variables[_variablesUsed++];
        var count = checked(rows * width);
        variable.Set(_memory.Take(count), needsGradient ? _memory.Take(count) : null, rows, width);
        return variable;
    }

    internal void Record(Operation operation) => _operations.Add(operation);

    /// <summary>Numbers of any value that stay until the tape begins anew.</summary>
    internal float* Keep(int count) => _memory.Take(count);

    /// <summary>A copy that stays until the tape begins anew.</summary>
    internal T* Keep<T>(ReadOnlySpan<T> items) where T : unmanaged
    {
        var copy = (T*)_memory.Take(checked((items.Length * sizeof(T) + sizeof(float) - 1) / sizeof(float)));
        items.CopyTo(new Span<T>(copy, items.Length));
        return copy;
    }

    /// <summary>Numbers of any value that stay until the next call.</summary>
    internal float* Scratch(int count)
    {
        if (_scratch.Length < count) _scratch = new AlignedFloats(count);
        return _scratch.Pointer;
    }

    /// <summary>Where to add the parameter's gradient; null if it is frozen.</summary>
    internal float* GradientOf(Parameter parameter) => _gradients.Pointer(Packed.Parameters.IndexOf(parameter));

    internal bool Learns(Parameter parameter) => _gradients.Has(Packed.Parameters.IndexOf(parameter));

    /// <summary>The next draw; one that drops nothing when not training.</summary>
    internal DropoutDraw NextDraw(double rate)
    {
        if (!(rate >= 0 && rate < 1)) throw new ArgumentOutOfRangeException(nameof(rate), rate, "A dropout rate is from 0 to below 1.");
        if (!IsTraining || rate == 0) return default;
        var keys = new PortableRandom(_seed, ++_draws).NextUInt64();
        return new DropoutDraw((uint)keys, (uint)(keys >> 32), rate);
    }
}
