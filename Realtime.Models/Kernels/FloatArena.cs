namespace Realtime.Models.Kernels;

/// <summary>
/// All working memory of one model in one allocation: parts are reserved first, then <see cref="Allocate"/> takes them together.
/// One thread at a time, but distinct slots may be used by distinct threads.
/// </summary>
public sealed class FloatArena
{
    private const int Line = 16;

    private AlignedFloats? _memory;
    private long _reserved;

    /// <summary>The numbers of a slot; zero at first.</summary>
    public Span<float> this[FloatSlot slot] => _memory!.Span.Slice(slot.Offset, slot.Length);

    public FloatSlot Reserve(int length)
    {
        if (_memory is not null) throw new InvalidOperationException("The arena has been allocated.");
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var slot = new FloatSlot(checked((int)_reserved), length);
        _reserved += ((long)length + Line - 1) / Line * Line;
        return slot;
    }

    /// <exception cref="InvalidOperationException">The parts do not fit one array (2^31 numbers).</exception>
    public void Allocate()
    {
        if (_reserved > Array.MaxLength - Line) throw new InvalidOperationException($"The model's working memory of {_reserved} numbers is too large.");
        _memory = new AlignedFloats((int)_reserved);
    }
}
