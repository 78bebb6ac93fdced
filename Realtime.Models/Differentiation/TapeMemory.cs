using Realtime.Models.Kernels;

namespace Realtime.Models.Differentiation;

/// <summary>Memory that is handed out piece by piece and taken back all at once; kept for the next time. One thread.</summary>
internal sealed unsafe class TapeMemory
{
    private const int Line = 16;
    private const int SmallestBlock = 1 << 14;
    private const int LargestBlock = 1 << 24;

    private readonly List<AlignedFloats> _blocks = [];
    private int _block;
    private int _used;

    /// <summary>Numbers that begin on a cache line, of any value. Valid until <see cref="TakeBack"/>.</summary>
    public float* Take(int count)
    {
        // The first block is made here too.
        while (_block == _blocks.Count || count > _blocks[_block].Length - _used) Next(count);
        var address = _blocks[_block].Pointer + _used;
        _used = (int)Math.Min(_blocks[_block].Length, ((long)_used + count + Line - 1) / Line * Line);
        return address;
    }

    public void TakeBack() => (_block, _used) = (0, 0);

    private void Next(int count)
    {
        if (_used > 0) _block++;
        _used = 0;
        if (_block < _blocks.Count && _blocks[_block].Length >= count) return;
        var total = _blocks.Sum(block => (long)block.Length);
        _blocks.Insert(_block, new AlignedFloats(Math.Max(count, (int)Math.Clamp(total, SmallestBlock, LargestBlock))));
    }
}
