namespace Realtime.Models.Differentiation.Operations;

/// <summary>
/// A gradient that an operation adds to row by row. A row is cleared right before it is added to for the first time: clearing all of them first
/// would send them to memory and back.
/// </summary>
internal sealed unsafe class RowsAddedTo
{
    private readonly Variable _x;

    // One byte per row, or null where all rows hold something.
    private readonly byte* _isReady;

    public RowsAddedTo(Tape tape, Variable x)
    {
        _x = x;
        Gradient = x.GradientToPut(out var accumulate);
        if (accumulate || Gradient is null) return;
        _isReady = (byte*)tape.Keep(x.Rows / sizeof(float) + 1);
        new Span<byte>(_isReady, x.Rows).Clear();
    }

    /// <summary>Null where none is needed.</summary>
    public float* Gradient { get; }

    public void Ready(int first, int count, int step = 1)
    {
        if (_isReady is null) return;
        for (var i = 0; i < count; i++)
        {
            var row = first + i * step;
            if (_isReady[row] != 0) continue;
            _isReady[row] = 1;
            new Span<float>(Gradient + (nint)row * _x.Width, _x.Width).Clear();
        }
    }

    /// <summary>Clears the rows that nothing was added to.</summary>
    public void Finish() => Ready(0, _x.Rows);
}
