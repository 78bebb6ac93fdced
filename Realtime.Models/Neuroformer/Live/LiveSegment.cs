using Realtime.Models.Kernels;

namespace Realtime.Models.Neuroformer.Live;

/// <summary>
/// A run of blocks that become invalid together, with the rows on their way through it. Each block has done the first so many rows, later blocks no
/// more than earlier ones: a row sees only itself, rows before it, and what is fixed for the window. One thread; allocates nothing.
/// </summary>
internal sealed class LiveSegment
{
    private readonly LiveStep[] _steps;
    private readonly int[] _done;
    private readonly int _width;

    public LiveSegment(IEnumerable<LiveStep> steps, int rows, int width)
    {
        _steps = [.. steps];
        _done = new int[_steps.Length];
        for (var step = 0; step + 1 < _steps.Length; step++) _steps[step].Block.Down.Next = _steps[step + 1].FirstMatrix;
        _width = width;
        X = new AlignedFloats(checked(rows * width));
    }

    /// <summary>[rows, width]: each row as the last block that has done it left it.</summary>
    public AlignedFloats X { get; }

    /// <summary>Rows that have been taken in.</summary>
    public int Entered { get; private set; }

    /// <summary>Rows that have passed the first block.</summary>
    public int Begun => _done.Length == 0 ? Entered : _done[0];

    /// <summary>Rows that have passed all blocks.</summary>
    public int Passed => _done.Length == 0 ? Entered : _done[^1];

    /// <summary>Forgets rows from one on.</summary>
    public void Cut(int row)
    {
        Entered = Math.Min(Entered, row);
        for (var step = 0; step < _done.Length; step++) _done[step] = Math.Min(_done[step], row);
    }

    /// <summary>Takes in the next row.</summary>
    public Span<float> Enter() => X.Span.Slice(Entered++ * _width, _width);

    /// <summary>Takes in rows that another segment has finished, up to but not including one.</summary>
    public void EnterFrom(LiveSegment source, int end)
    {
        if (end <= Entered) return;
        source.X.Span[(Entered * _width)..(end * _width)].CopyTo(X.Span[(Entered * _width)..]);
        Entered = end;
    }

    /// <summary>Brings the rows before <paramref name="end"/>, all of them taken in, through one block or, if told so, through all.</summary>
    /// <returns>Whether there was something to do.</returns>
    public bool Run(BlockWork work, int end, bool all)
    {
        var any = false;
        for (var step = 0; step < _steps.Length; step++)
        {
            if (_done[step] >= end) continue;
            var (block, cache, scope) = _steps[step];
            var (first, rows) = (_done[step], end - _done[step]);
            if (scope.IsCausal) work.MakeKeys(block, cache, X, first, rows);
            work.Apply(block, cache, scope, X, first, rows);
            _done[step] = end;
            if (!all) return true;
            any = true;
        }

        return any;
    }
}
