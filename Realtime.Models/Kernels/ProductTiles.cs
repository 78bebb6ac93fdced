namespace Realtime.Models.Kernels;

/// <summary>
/// The innermost loops of the product. All sums of a tile stay in registers; each is one chain of multiply-adds in the order of k that begins with the bias,
/// whatever the tile, so that an element's bits do not depend on the tile it falls into. A panel is two vectors wide.
/// </summary>
internal abstract unsafe class ProductTiles
{
    /// <summary>Panels that one row is multiplied with at once: enough independent sums to hide the latency of multiply-add.</summary>
    public const int WidePanels = 4;

    /// <summary>How far ahead, in numbers, a row's product asks for weights: large matrices come from memory, and the processor's own prefetching stops at pages.</summary>
    public const int AheadOfRow = 256;

    /// <summary>Longer sums are put together from chains of this length: their rounding errors grow with the chain, and a chain's part of a panel
    /// stays in the first-level cache.</summary>
    public const int ChainLength = 256;

    /// <summary>Tiles of eight rows, one below the other: C = A B + bias, or C += A B + bias.</summary>
    /// <param name="left">A.</param>
    /// <param name="tiles">Tiles.</param>
    /// <param name="depth">Length of the sums.</param>
    /// <param name="right">One panel of B.</param>
    /// <param name="c">The panel's first column of C.</param>
    /// <param name="cRow">Distance of rows of C.</param>
    /// <param name="accumulate">Add to C.</param>
    /// <param name="ahead">What to fetch meanwhile.</param>
    public abstract void Eight(RowsOperand left, int tiles, int depth, PanelOperand right, float* c, nint cRow, bool accumulate, Prefetch ahead);

    /// <inheritdoc cref="Eight"/>
    /// <summary>Tiles of four rows.</summary>
    public abstract void Four(RowsOperand left, int tiles, int depth, PanelOperand right, float* c, nint cRow, bool accumulate, Prefetch ahead);

    /// <summary>
    /// Tiles of six rows by two panels, for processors with 32 registers. A step of k reads ten numbers for 24 multiply-adds where tiles of eight rows by one panel
    /// read ten for 16, which tells where reading is what limits, as beside a busy sibling of the core.
    /// </summary>
    /// <param name="left">A.</param>
    /// <param name="tiles">Tiles.</param>
    /// <param name="depth">Length of the sums.</param>
    /// <param name="right">One panel of B; its bias is that of both, one after the other.</param>
    /// <param name="panel">Distance of the second panel from it.</param>
    /// <param name="c">The first panel's first column of C.</param>
    /// <param name="cRow">Distance of rows of C.</param>
    /// <param name="accumulate">Add to C.</param>
    /// <param name="ahead">What to fetch meanwhile, a line of the cache at each step of k.</param>
    public abstract void WideSix(RowsOperand left, int tiles, int depth, PanelOperand right, nint panel, float* c, nint cRow, bool accumulate, Prefetch ahead);

    /// <inheritdoc cref="WideSix"/>
    /// <summary>Tiles of five rows by two panels: with those of six they make up any number of rows from 20 on.</summary>
    public abstract void WideFive(RowsOperand left, int tiles, int depth, PanelOperand right, nint panel, float* c, nint cRow, bool accumulate, Prefetch ahead);

    /// <summary>One row times one panel.</summary>
    public abstract void One(RowsOperand left, int depth, PanelOperand right, float* c, bool accumulate);

    /// <summary>One row times <see cref="WidePanels"/> whole panels that lie one after the other.</summary>
    public abstract void WideRow(float* a, int depth, float* b, float* bias, float* c, bool accumulate);

    /// <summary>One chain of four rows times one panel of bfloat16.</summary>
    public abstract void HalfFour(RowsOperand left, int depth, PanelOperand right, float* c, nint cRow, bool accumulate);

    /// <summary>One chain of one row times one panel of bfloat16.</summary>
    public abstract void HalfOne(float* a, int depth, PanelOperand right, float* c, bool accumulate);

    /// <summary>One chain of one row times <see cref="WidePanels"/> panels of bfloat16 that lie <paramref name="panel"/> words apart.</summary>
    public abstract void HalfWide(float* a, int depth, float* words, nint panel, float* bias, float* c, bool accumulate);
}
