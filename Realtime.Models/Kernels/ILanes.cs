namespace Realtime.Models.Kernels;

/// <summary>
/// One register of float32 numbers. The kernels are written once over this and compiled once per width, so that all widths do the
/// same arithmetic in the same order per element.
/// </summary>
/// <typeparam name="TSelf">The implementing register.</typeparam>
internal unsafe interface ILanes<TSelf> where TSelf : struct, ILanes<TSelf>
{
    /// <summary>Numbers in one register.</summary>
    static abstract int Count { get; }

    /// <summary>Rows of the matrix product's tile; Rows × 2 registers of sums, and what it takes to feed them, must fit the register file.</summary>
    static abstract int TileRows { get; }

    static abstract TSelf Zero { get; }

    static abstract TSelf Load(float* address);

    static abstract void Store(float* address, TSelf value);

    static abstract TSelf Broadcast(float value);

    static abstract TSelf Add(TSelf a, TSelf b);

    static abstract TSelf Subtract(TSelf a, TSelf b);

    static abstract TSelf Multiply(TSelf a, TSelf b);

    static abstract TSelf Divide(TSelf a, TSelf b);

    /// <summary>a × b + c, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>c - a × b, rounded once.</summary>
    static abstract TSelf NegatedMultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>The larger one. Where b is NaN so is the result; where only a is NaN the result is NaN or b, by processor.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>The smaller one. Where b is NaN so is the result; where only a is NaN the result is NaN or b, by processor.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    static abstract TSelf Abs(TSelf a);

    /// <summary>The magnitude of the first with the sign of the second.</summary>
    static abstract TSelf CopySign(TSelf magnitude, TSelf sign);

    /// <summary>Nearest whole number, ties to even.</summary>
    static abstract TSelf Round(TSelf a);

    /// <summary>2 to the power of whole numbers in [-126, 127].</summary>
    static abstract TSelf PowerOfTwo(TSelf wholeNumbers);

    /// <summary>Elementwise <c>a &lt; b ? whenLess : otherwise</c>; a comparison with NaN chooses otherwise.</summary>
    static abstract TSelf SelectLess(TSelf a, TSelf b, TSelf whenLess, TSelf otherwise);

    /// <summary>Elementwise <c>a &lt; b ? 0 : value</c>; a comparison with NaN chooses value.</summary>
    static abstract TSelf ZeroWhereLess(TSelf a, TSelf b, TSelf value);

    /// <summary>
    /// The lowest nine bits of each number moved up to where sign and exponent are, zeros behind. Of a number 1.5 × 2^23 + 127 + n,
    /// n whole in [-126, 127], this makes 2^n.
    /// </summary>
    static abstract TSelf LowBitsToExponent(TSelf a);

    /// <summary>The first <paramref name="count"/> numbers from memory, 0 &lt;= count &lt; <see cref="Count"/>; the others from <paramref name="otherwise"/>.
    /// Nothing beyond them is read.</summary>
    static abstract TSelf LoadPart(float* address, int count, TSelf otherwise);

    /// <summary>Writes the first <paramref name="count"/> numbers, 0 &lt;= count &lt; <see cref="Count"/>, and nothing beyond them.</summary>
    static abstract void StorePart(float* address, TSelf value, int count);

    /// <summary>Neighbours change places: (x1, x0, x3, x2, ...).</summary>
    static abstract TSelf SwapPairs(TSelf a);

    /// <summary>For places from <paramref name="first"/> on: the draw's factor where a number is kept, 0 where it is dropped.</summary>
    static abstract TSelf Kept(uint first, in DropoutDraw draw);

    /// <summary>Sum in an order that depends on <see cref="Count"/> only.</summary>
    static abstract float Sum(TSelf a);

    static abstract float Maximum(TSelf a);
}
