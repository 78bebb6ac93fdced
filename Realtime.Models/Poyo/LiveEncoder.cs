using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Poyo;

/// <summary>
/// The encoder for live use: cross-attention of the latents over the window's tokens, and its feed-forward map. Equal to the plain form in real
/// arithmetic, by these identities: keys and values per unit are tables; the latents' queries are constants but for their rotation; the delimiters' share is
/// a constant; attention is additive over bins of spikes, and a bin's share is kept while a group of latents sees it again.
/// </summary>
internal sealed unsafe class LiveEncoder
{
    // Beyond this the kept sums of fine hops would take more memory than they save time.
    internal const int MaxSets = 16;

    private readonly PoyoConfig _config;
    private readonly KernelSet _kernels;
    private readonly ComputeTeam _team;
    private readonly FloatArena _arena;
    private readonly RotaryTime _rotary;
    private readonly RotaryScratch _rotaryScratch;
    private readonly RotaryTable _groupAngles;
    private readonly TokenRing _tokens;
    private readonly EncoderParts _parts;
    private readonly DelimiterShare _delimiters;
    private readonly PackedMatrix _out;
    private readonly FoldedFeedForward _feedForward;
    private readonly float[] _latents;
    private readonly float[] _queries;
    private readonly AlignedFloats _rotated;
    private readonly AlignedFloats[] _scratch;
    private readonly FloatSlot _gathered;
    private readonly FloatSlot[] _hidden;
    private readonly long _windowNs;
    private readonly long _stepNs;
    private readonly long _hopNs;
    private readonly int[] _binEnd;
    private readonly bool[] _known;
    private readonly Action<int> _attend;
    private readonly Action<int> _gather;

    private FloatSlot _z;
    private long _startNs;
    private int _set;

    public LiveEncoder(PoyoWeights weights, IReadOnlyList<int> unitRows, DecoderOptions options, KernelSet kernels, ComputeTeam team, FloatArena arena)
    {
        _config = weights.Config;
        (_kernels, _team, _arena) = (kernels, team, arena);
        var attention = weights.EncoderAttention;
        var (steps, latents, heads, headDim) = (_config.Steps, _config.NumLatentsPerStep, _config.CrossHeads, _config.DimHead);
        _windowNs = Nanoseconds(_config.SequenceLength);
        _stepNs = Nanoseconds(_config.LatentStep);
        _hopNs = options.HopNs;
        _rotary = new RotaryTime(weights.Omega);
        _rotaryScratch = new RotaryScratch(_rotary.Pairs);
        _groupAngles = new RotaryTable(steps, _rotary.Pairs);
        var table = UnitKeyValues.Table(attention, weights.Units, unitRows, weights.TokenTypes, 0, _config.Dim, kernels);
        _queries = LatentQueries(weights, kernels);
        _tokens = new TokenRing(table, _queries, heads, headDim, _rotary, options.MaxWindowSpikes, kernels);
        _parts = new EncoderParts(SetsFor(_stepNs, _hopNs), steps, heads, latents, headDim);
        _delimiters = new DelimiterShare(weights, unitRows, _queries, _rotary, kernels);
        _out = kernels.Pack(attention.Out, _config.Dim, attention.Inner, attention.OutBias);
        _feedForward = new FoldedFeedForward(weights.EncoderFeedForward, _config.Dim, kernels);
        _latents = weights.Latents;
        _rotated = new AlignedFloats(steps * latents * attention.Inner);
        _scratch = [.. Enumerable.Range(0, team.Count).Select(_ => new AlignedFloats(kernels.PartialAttentionScratch))];
        _gathered = arena.Reserve(steps * latents * attention.Inner);
        _hidden = [.. Enumerable.Range(0, team.Count).Select(_ => arena.Reserve(FoldedFeedForward.Scratch(latents, _config.Dim)))];
        _binEnd = new int[steps];
        _known = new bool[steps * steps];
        _attend = Attend;
        _gather = Gather;
    }

    public void Reset()
    {
        _tokens.Clear();
        _parts.Clear();
    }

    /// <summary>The latents [steps × latents per step, dim] of a window that ends at <paramref name="endNs"/>.</summary>
    /// <param name="endNs">The window's end, ns.</param>
    /// <param name="timesNs">Spikes in order, all inside the window.</param>
    /// <param name="units">Their unit rows.</param>
    /// <param name="z">Receives the latents.</param>
    public void Run(long endNs, ReadOnlySpan<long> timesNs, ReadOnlySpan<int> units, FloatSlot z)
    {
        _z = z;
        _startNs = endNs - _windowNs;
        _set = _parts.Sets == 1 ? 0 : (int)(Modulo(_startNs, _stepNs) / _hopNs);
        _tokens.Update(timesNs, units);
        FindKnownParts();
        RotateQueries();
        _team.Run(_attend);
        _team.Run(_gather);
    }

    private static long Nanoseconds(double seconds) => (long)Math.Round(seconds * 1e9);

    /// <summary>Grids of groups that windows of this hop fall on, where they come back to the same grid after a whole number of hops.</summary>
    private static int SetsFor(long stepNs, long hopNs) =>
        hopNs > 0 && hopNs < stepNs && stepNs % hopNs == 0 && stepNs / hopNs <= MaxSets ? (int)(stepNs / hopNs) : 1;

    private static long Modulo(long value, long divisor)
    {
        var rest = value % divisor;
        return rest < 0 ? rest + divisor : rest;
    }

    /// <summary>Wq LN(latent) / √(head width), [latents per step, inner].</summary>
    private static float[] LatentQueries(PoyoWeights weights, KernelSet kernels)
    {
        var (config, attention) = (weights.Config, weights.EncoderAttention);
        var normal = new float[config.NumLatentsPerStep * config.Dim];
        kernels.Normalize(weights.Latents, config.NumLatentsPerStep, config.Dim, normal);
        var map = Folding.Pack(kernels, attention.ToQuery, default, attention.Norm, attention.Inner, config.Dim, 1 / Math.Sqrt(config.DimHead));
        var queries = new float[config.NumLatentsPerStep * attention.Inner];
        kernels.Multiply(normal, config.Dim, config.NumLatentsPerStep, map, queries, attention.Inner);
        return queries;
    }

    private long GroupNs(int step) => _startNs + step * _stepNs + _stepNs / 2;

    private long BinNs(int bin) => _startNs + bin * _stepNs;

    /// <summary>Place in the rings of groups and bins; the same for a group or bin in every window of a set.</summary>
    private int Slot(int step) => (int)Modulo((_startNs - Modulo(_startNs, _stepNs)) / _stepNs + step, _config.Steps);

    private void FindKnownParts()
    {
        var token = 0;
        for (var bin = 0; bin < _config.Steps; bin++)
        {
            var endNs = bin == _config.Steps - 1 ? long.MaxValue : BinNs(bin + 1);
            ulong content = 0;
            for (; token < _tokens.Count && _tokens.TimeNs(token) < endNs; token++)
            {
                content = (content ^ (ulong)_tokens.TimeNs(token)) * 0x9E3779B97F4A7C15;
                content = ulong.RotateLeft(content ^ (ulong)_tokens.Unit(token), 29) * 0xBF58476D1CE4E5B9;
            }

            _binEnd[bin] = token;
            for (var step = 0; step < _config.Steps; step++)
                _known[bin * _config.Steps + step] = _parts.Take(_set, Slot(bin), Slot(step), GroupNs(step), BinNs(bin), content);
        }
    }

    /// <summary>The queries of all groups by absolute time, in the order of the groups' slots.</summary>
    private void RotateQueries()
    {
        var (latents, inner) = (_config.NumLatentsPerStep, _config.CrossInner);
        for (var step = 0; step < _config.Steps; step++)
        {
            _rotary.SetRow(_groupAngles, step, GroupNs(step), _rotaryScratch, _kernels);
            var rows = _rotated.Span.Slice(Slot(step) * latents * inner, latents * inner);
            _queries.CopyTo(rows);
            _kernels.Rotate(rows, inner, _config.CrossHeads, _config.DimHead, _groupAngles, step, latents, back: false, latents);
        }
    }

    /// <summary>The parts that are not known, for every other head.</summary>
    private void Attend(int thread)
    {
        for (var head = thread; head < _config.CrossHeads; head += _team.Count)
        {
            var first = 0;
            for (var bin = 0; bin < _config.Steps; bin++)
            {
                var known = _known.AsSpan(bin * _config.Steps, _config.Steps);
                if (!known.Contains(true)) AttendBin(thread, head, bin, first, 0, _config.Steps);
                else
                {
                    for (var step = 0; step < _config.Steps; step++)
                        if (!known[step]) AttendBin(thread, head, bin, first, Slot(step), 1);
                }

                first = _binEnd[bin];
            }
        }
    }

    private void AttendBin(int thread, int head, int bin, int firstToken, int firstGroup, int groups)
    {
        var (latents, headDim, inner) = (_config.NumLatentsPerStep, _config.DimHead, _config.CrossInner);
        var row = _parts.Row(_set, Slot(bin), head, firstGroup);
        var part = new PartialAttention
        {
            Queries = _rotated.Pointer + firstGroup * latents * inner + head * headDim,
            QueryStride = inner,
            Rows = groups * latents,
            ScoreDim = _tokens.ScoreDim,
            HeadDim = headDim,
            KeyPanels = _tokens.Keys(head),
            BasePanels = _tokens.Bases(head),
            BaseRows = latents,
            Values = _tokens.Values(head),
            ValueStride = _tokens.ValueStride,
            Sums = _parts.Sums.Pointer + (nint)row * headDim,
            SumStride = headDim,
            Top = _parts.Top.Pointer + row,
            Weight = _parts.Weight.Pointer + row,
            Scratch = _scratch[thread].Pointer,
        };
        for (var token = firstToken; token < _binEnd[bin]; token += part.Count)
        {
            // The bin may wrap around the ring's end.
            part.Skip = _tokens.Slot(token);
            part.Count = Math.Min(_binEnd[bin] - token, _tokens.Size - part.Skip);
            _kernels.AttendPart(in part);
        }
    }

    /// <summary>Merges the parts and the delimiters' share, projects, and applies the feed-forward map, for every other group of latents.</summary>
    private void Gather(int thread)
    {
        var (latents, inner, dim) = (_config.NumLatentsPerStep, _config.CrossInner, _config.Dim);
        for (var step = thread; step < _config.Steps; step += _team.Count)
        {
            var gathered = _arena[_gathered].Slice(step * latents * inner, latents * inner);
            for (var latent = 0; latent < latents; latent++) GatherLatent(step, latent, gathered.Slice(latent * inner, inner));
            var z = _arena[_z].Slice(step * latents * dim, latents * dim);
            _latents.CopyTo(z);
            _kernels.Multiply(gathered, inner, latents, _out, z, dim, accumulate: true);
            _feedForward.Add(z, latents, _arena[_hidden[thread]]);
        }
    }

    private void GatherLatent(int step, int latent, Span<float> row)
    {
        var (heads, headDim) = (_config.CrossHeads, _config.DimHead);
        Span<float> top = stackalloc float[heads];
        Span<float> weight = stackalloc float[heads];
        for (var head = 0; head < heads; head++)
        {
            var at = _parts.Row(_set, 0, head, Slot(step)) + latent;
            var parts = new AttentionParts
            {
                Sums = _parts.Sums.Pointer + (nint)at * headDim,
                SumStride = (nint)_parts.BinStride * headDim,
                Top = _parts.Top.Pointer + at,
                Weight = _parts.Weight.Pointer + at,
                TopStride = _parts.BinStride,
                Count = _config.Steps,
                First = Slot(0),
                Width = headDim,
            };
            fixed (float* output = row[(head * headDim)..]) _kernels.MergeParts(in parts, output, out top[head], out weight[head]);
        }

        // From absolute time to time relative to the group, in which the delimiters' share is constant.
        _kernels.Rotate(row, row.Length, heads, headDim, _groupAngles, step, 1, back: true);
        for (var head = 0; head < heads; head++) _delimiters.AddTo(row.Slice(head * headDim, headDim), step, head, latent, top[head], weight[head], _kernels);
    }
}
