namespace Realtime.Host.Configuration;

/// <summary>Collects the problems of one file.</summary>
/// <param name="file">As the user named it.</param>
/// <param name="what">What the file should be, for messages.</param>
/// <param name="example">A line that such a file may hold.</param>
/// <param name="shortest">Where to find a short one that works.</param>
internal sealed class ConfigProblems(string file, string what = "rig config", string example = "schema_version: 1",
    string shortest = "rig-configs/open-ephys-minimal.yaml is the shortest config that works")
{
    /// <summary>More than this are not read by anyone, and a hostile file must not make a report without end.</summary>
    private const int MaxProblems = 100;

    private readonly List<ConfigProblem> _items = [];
    private int _left;

    public string File => file;

    public string What => what;

    public string Example => example;

    public string Shortest => shortest;

    public bool Any => _items.Count > 0;

    public void Add(ConfigNode node, string key, string message) => Add(node.Line, node.Column, key, message);

    public void Add(int line, int column, string key, string message)
    {
        if (_items.Count < MaxProblems) _items.Add(new ConfigProblem(file, line, column, key, message));
        else _left++;
    }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<ConfigProblem> ToList()
    {
        var sorted = _items.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column).ToList();
        if (_left > 0) sorted.Add(new ConfigProblem(file, 0, 0, "", $"and {_left} more problems; mend these first."));
        return sorted;
    }
}
