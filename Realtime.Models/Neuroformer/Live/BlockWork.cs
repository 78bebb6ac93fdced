using Realtime.Models.Kernels;

namespace Realtime.Models.Neuroformer.Live;

/// <summary>
/// Runs blocks over some of a sequence's rows, shared among the team's threads. A row's bits depend on neither the number of rows of a call nor
/// the number of threads. One caller at a time; allocates nothing after the arena is allocated.
/// </summary>
internal sealed class BlockWork
{
    // Fewer rows are not worth a hand-over, and half a tile each would waste the other half.
    private const int LeastShare = 8;

    private readonly int _width;
    private readonly KernelSet _kernels;
    private readonly ComputeTeam _team;
    private readonly FloatArena _arena;
    private readonly FloatSlot[] _normal;
    private readonly FloatSlot[] _query;
    private readonly FloatSlot[] _hidden;
    private readonly AttendScratch[] _attend;
    private readonly Action<int> _makeKeys;
    private readonly Action<int> _apply;

    private LiveBlock _block = null!;
    private KeyValueCache _cache = null!;
    private KeyScope _scope = null!;
    private AlignedFloats _x = null!;
    private int _first;
    private int _rows;

    /// <param name="config">Sizes.</param>
    /// <param name="rows">Most rows of one call.</param>
    /// <param name="kernels">Arithmetic.</param>
    /// <param name="team">Threads.</param>
    /// <param name="arena">Working memory.</param>
    public BlockWork(NeuroformerConfig config, int rows, KernelSet kernels, ComputeTeam team, FloatArena arena)
    {
        (_width, _kernels, _team, _arena) = (config.NEmbd, kernels, team, arena);
        _normal = [.. Enumerable.Range(0, team.Count).Select(_ => arena.Reserve(checked(rows * _width)))];
        _query = [.. Enumerable.Range(0, team.Count).Select(_ => arena.Reserve(checked(rows * _width)))];
        _hidden = [.. Enumerable.Range(0, team.Count).Select(_ => arena.Reserve(checked(rows * _width * NeuroformerBlockWeights.Expansion)))];
        _attend = [.. Enumerable.Range(0, team.Count).Select(_ => new AttendScratch(rows, kernels))];
        (_makeKeys, _apply) = (MakeKeys, Apply);
    }

    /// <summary>Makes keys and values of rows, in the places of those rows.</summary>
    public void MakeKeys(LiveBlock block, KeyValueCache cache, AlignedFloats x, int first, int rows)
    {
        (_block, _cache, _x, _first, _rows) = (block, cache, x, first, rows);
        _team.Run(_makeKeys);
    }

    /// <summary>Replaces rows of x by the block's result; what they see must be in the cache.</summary>
    public void Apply(LiveBlock block, KeyValueCache cache, KeyScope scope, AlignedFloats x, int first, int rows)
    {
        (_block, _cache, _scope, _x, _first, _rows) = (block, cache, scope, x, first, rows);
        _team.Run(_apply);
    }

    /// <summary>A thread's rows, in whole tiles but for the last.</summary>
    private (int First, int Rows) Share(int thread)
    {
        if (_team.Count == 1 || _rows < 2 * LeastShare) return thread == 0 ? (_first, _rows) : (_first, 0);
        var half = (_rows / 2 + LeastShare - 1) / LeastShare * LeastShare;
        return thread == 0 ? (_first, half) : (_first + half, _rows - half);
    }

    private void MakeKeys(int thread)
    {
        var (first, rows) = Share(thread);
        if (rows == 0) return;
        var x = _x.Span.Slice(first * _width, rows * _width);
        var keys = _arena[_query[thread]];
        _kernels.Multiply(x, _width, rows, _block.Key, keys, _width);
        _cache.PutKeys(keys, first, rows);
        _kernels.Multiply(x, _width, rows, _block.Value, keys, _width);
        _cache.PutValues(keys, first, rows);
    }

    private void Apply(int thread)
    {
        var (first, rows) = Share(thread);
        if (rows == 0) return;
        var x = _x.Span.Slice(first * _width, rows * _width);
        var normal = _arena[_normal[thread]];
        var query = _arena[_query[thread]];
        _kernels.Normalize(x, rows, _width, normal);
        _kernels.Multiply(normal, _width, rows, _block.Query, query, _width);

        // The normalised rows have been read: their place takes what attention gathers.
        _cache.Attend(query, first, rows, _scope, normal, _attend[thread]);
        _kernels.Multiply(normal, _width, rows, _block.Out, x, _width, accumulate: true);
        _kernels.Normalize(x, rows, _width, normal);
        var hiddenWidth = _width * NeuroformerBlockWeights.Expansion;
        var hidden = _arena[_hidden[thread]][..(rows * hiddenWidth)];
        _kernels.Multiply(normal, _width, rows, _block.Up, hidden, hiddenWidth);
        _kernels.Gelu(hidden, hidden);
        _kernels.Multiply(hidden, hiddenWidth, rows, _block.Down, x, _width, accumulate: true);
        _kernels.LayerNorm(x, rows, _width, _block.NormOut.Gain, _block.NormOut.Bias, x);
    }
}
